package matpower

import "example.org/busbar/internal/attribute"

// Codes are those of problems that only a MATPOWER case has.
var Codes = []attribute.Code{
	{Code: "matpower-bounds", Meaning: "Two limits contradict each other.", Help: "Correct one of them."},
	{Code: "matpower-code", Meaning: "A statement would have to be run by MATLAB or Octave.", Help: "Let MATPOWER write the case plainly: savecase('plain.m', loadcase('case'))."},
	{Code: "matpower-cost", Meaning: "A cost can't be read, or is no linear, convex quadratic or piecewise one.", Help: "Give points along it, with model 1."},
	{Code: "matpower-missing", Meaning: "A matrix or baseMVA is not there.", Help: "Add it."},
	{Code: "matpower-syntax", Meaning: "The text is not that of a case file.", Help: "See what the text asks for."},
	{Code: "matpower-unsupported", Meaning: "A field extends the problem in a way that Busbar does not read.", Help: "Solve the case without it."},
	{Code: "matpower-value", Meaning: "A number can't be read, or means nothing in its column.", Help: "Write what the text asks for."},
	{Code: "unknown-bus", Meaning: "Something stands at a bus that is not there.", Help: "Correct the number, or add the bus."},
	{Code: "zero-reactance", Meaning: "A branch has no reactance, so no angle drives its flow.", Help: "Write its x, or make one bus of its two."},
}
