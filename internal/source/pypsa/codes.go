package pypsa

import "example.org/busbar/internal/attribute"

// Codes are those of problems that only a PyPSA network has.
var Codes = []attribute.Code{
	{Code: "pypsa-bounds", Meaning: "Two bounds of an asset contradict each other.", Help: "Correct one of them."},
	{Code: "pypsa-export", Meaning: "What the study holds can't be said in PyPSA's words.", Help: "See what an export refuses below, or leave it out of the study that is exported."},
	{Code: "pypsa-option", Meaning: "An option is unknown, or does not fit the network.", Help: "See the options below."},
	{Code: "pypsa-unsupported", Meaning: "An attribute would change the answer, and Busbar can't represent it.", Help: "See what is refused below."},
	{Code: "pypsa-value", Meaning: "A cell can't be read as its attribute's type, or lies outside its range.", Help: "Write what the text asks for; an empty cell stands for the default."},
	{Code: "series-length", Meaning: "A series has not one row for each snapshot.", Help: "Complete it; rows are in the order of the snapshots."},
	{Code: "unknown-attribute", Meaning: "A series or piecewise file names what its component does not have.", Help: "Correct the file's name."},
	{Code: "unknown-component", Meaning: "A file or variable is named almost like a component's.", Help: "Correct its name."},
	{Code: "unknown-bus", Meaning: "An asset stands at a bus that is not there.", Help: "Correct the name, or add the bus."},
	{Code: "unknown-type", Meaning: "A line or transformer is of no known type.", Help: "Correct the name, or add the type to the line_types or transformer_types."},
	{Code: "zero-reactance", Meaning: "A branch in a cycle has no reactance (in a direct current grid no resistance), so no angle drives its flow.", Help: "Write its x or r, or give it a type."},
}
