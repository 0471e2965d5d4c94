package attribute

import (
	"fmt"
	"strings"
)

// Code is a line of the table of errors.
type Code struct {
	Code    string
	Meaning string
	Help    string
}

// Codes is every code a Problem may have, in alphabetic order. Codes are
// stable: scripts may rely on them.
var Codes = []Code{
	{"alias-bomb", "YAML aliases multiply to more than a workspace could hold.", "Write the entries out, or use a table in assets/."},
	{"alias-cycle", "A YAML alias contains itself.", "Write the entry out."},
	{"alias-unknown", "A YAML alias (*name) has no anchor (&name) above it.", "Correct the name; an anchor comes before its aliases, in the same file."},
	{"asset-place", "An asset needs a place for what it gives or takes, and says none.", "Add at: with one of the system's places."},
	{"command-line", "The command line asks for what is not there, or says it wrong.", "Add --help to the verb."},
	{"commodity-unit", "A commodity is not counted in a unit of amount.", "Flows are amounts per hour: write MWh, not MW; t, not t/h."},
	{"conflict", "Two attributes of an asset exclude each other.", "Take one of them out, as the text says."},
	{"control-character", "A character that no text file has.", "Save the file as plain UTF-8 text; a workbook or picture is none."},
	{"coordinates", "A place's at: is no latitude and longitude.", "Write [latitude, longitude] in degrees, north and east positive: [20.69, 101.98]."},
	{"date", "A date can't be read.", "Write 2030-12-31."},
	{"duplicate-column", "A table has two columns of one name.", "Keep one of them."},
	{"duplicate-id", "Two entries have one id, perhaps in two files or tables.", "Give each an id of its own."},
	{"duplicate-key", "A map has a key twice.", "Keep one of them; the second would silently win elsewhere."},
	{"duplicate-study", "Two files hold a study of one name.", "Rename one."},
	{"empty", "A list or map has no entry.", "Give one, or leave the key out."},
	{"empty-file", "A file says nothing.", "Fill it, or take it away."},
	{"event-attribute", "An event changes an attribute that is one number for all of the study, or that is not written.", "Change one that may be a series, such as availability or price; write the attribute if it is left out."},
	{"event-time", "An event says not when it is, or lies outside the study.", "Write from: and for: 42 d, or from: and to:."},
	{"flag", "Neither true nor false.", "Write true or false; yes, no, on and off are not read."},
	{"horizon", "The study's years or days make no horizon.", "Give years: [2030], or first_day: and last_day:."},
	{"id", "An id holds what paths and tables could not carry, or is a reserved word.", "Use letters of any script, digits, _ and -."},
	{"include-conflict", "Two files say different things of one key.", "Say it once."},
	{"include-cycle", "A file includes itself, perhaps through others.", "Take one include out."},
	{"include-shape", "include: is no list of files or folders.", "Write include: [power.yaml, north]."},
	{"limit-count", "A limit has the wrong number of values.", "Give one value, or one for each span: 12 for the months of a year."},
	{"limit-empty", "A limit asks for something, and nothing in the study could give it.", "Correct the asset or commodity, or take the limit out."},
	{"limit-form", "A limit does not say what it limits, or by what.", "Give of: or terms:, and min: or max:. A term has one of asset, kind, green, and one of flow, level, spill, capacity, shed, served, activity, sent, traded."},
	{"limit-of", "A limit's of: names no account.", "of: takes a commodity with balance: account, or cost. For others write terms: [{asset: ..., flow: ...}]."},
	{"limit-part", "An asset has no such store, capacity or demand.", "Name one of its parts; \"\" is the only one."},
	{"limit-route", "A line that runs both ways has no one flow at a place.", "Leave at: out: then what it loses is limited."},
	{"limit-span", "A limit's span does not fit what it sums.", "Levels are limited in each step (over longer spans with a coef that says which count), cost over a year or the horizon."},
	{"limit-unit", "A limit sums terms of different units.", "Give the term a coef: with the unit that turns it into the sum's, such as 0.5 ha/MW."},
	{"loop-gain", "Round a loop of plants something grows out of nothing.", "Correct a ratio or an efficiency, or give each level of heat its own commodity."},
	{"mass-balance", "What a process takes and makes does not weigh the same.", "Correct a ratio, name the stream that closes it with closing:, or say balance: none."},
	{"missing", "A required attribute is not written.", "Write it; the reference says what it means and takes."},
	{"missing-file", "A file or folder is not there.", "Correct the path; it is relative to the workspace."},
	{"missing-id", "A row of a table has no id.", "Fill the column id."},
	{"monthly", "A monthly value is not twelve quantities.", "Write twelve, January to December."},
	{"mps", "An MPS file can't be read.", "See the line; free and fixed format are read."},
	{"no-supply", "Something must be taken at a place where nothing can give it, in any hour and at any size.", "Add a source, a purchase, a route to it, or size to one of size 0; or let the demand be shed."},
	{"no-use", "Something must be given at a place where nothing can take it.", "Add a use or a sale, let it spill, or declare balance: free."},
	{"node-kind", "Text, a list or a map stands where another is wanted.", "Write the form that the text shows."},
	{"not-a-map", "A file is not a map of keys.", "Begin with keys such as system:, commodities:, assets:."},
	{"not-finite", "A number is infinite or none.", "Write a finite number; look for a division by zero among the asset's attributes."},
	{"not-utf8", "A file is not UTF-8 text.", "Save it as UTF-8; in Excel: CSV UTF-8."},
	{"number", "A number can't be read, or is too large or small for a computer's number.", "Write 1234.5 or 1.2345e3: a point for decimals, no comma."},
	{"offset", "An offset from UTC can't be read.", "Write +07:00; a zone with summer time does not fit."},
	{"owner-shares", "An asset's shares are more than all of it.", "Let them sum to 100 % or less; leave a share empty that is not published."},
	{"path-outside", "A path leads out of the workspace.", "Copy the file into it and give its path from there."},
	{"perspective", "The study plans for some of the parties only.", "Leave perspective out for now."},
	{"price", "A price stands at a commodity that is no account.", "Only accounts are priced there; add a purchase or a sale for others."},
	{"private-bus", "Two assets use a part of one as if it were counted in different units.", "This is a fault in a kind; please report it."},
	{"range", "A value lies outside what makes sense.", "Look at its unit first: 95 % or 0.95, kW or MW."},
	{"reference", "An attribute names an asset that is not there, not active, or of a kind that does not fit.", "Name one that fits, as the text says."},
	{"representative", "The representative periods can't be chosen.", "Give weeks: or days:, at least as many as there are extremes to keep, and a series to choose by; steps must fit into a period."},
	{"series-column", "A file has no column of that name.", "Correct the name after #."},
	{"series-cover", "A series does not cover the study's time.", "Give a longer file, or set weather: to a year that it holds whole."},
	{"series-duplicate", "A stamp comes twice.", "Remove one of the rows; summer time makes such rows."},
	{"series-empty", "A cell is empty.", "Fill it: a gap is not filled for you."},
	{"series-encoding", "A file is not UTF-8 text.", "Save it as CSV UTF-8."},
	{"series-fields", "A row has more or fewer fields than the header.", "Look for a decimal comma or a missing separator."},
	{"series-file", "A file can't be used.", "See the text."},
	{"series-form", "A citation of a series can't be read.", "Write file.csv#name."},
	{"series-gap", "Rows are missing.", "Fill them: a gap is not filled for you."},
	{"series-header", "The first line is no header.", "Write time,name [unit],..."},
	{"series-length", "A series has not one value for every step.", "This is a fault in the program; please report it."},
	{"series-nan", "A cell holds no finite number.", "Fill it: a gap is not filled for you."},
	{"series-number", "A cell can't be read as a number.", "Write plain numbers with a decimal point; the unit belongs in the header."},
	{"series-order", "Rows are not in the order of time.", "Sort them."},
	{"series-quote", "A quote is not closed.", "Close it."},
	{"series-rows", "A series of a study with snapshots has other rows than they.", "Give it the same periods and times, in the same order."},
	{"series-short", "A file has too few rows to tell its step.", "Give two rows or more."},
	{"series-step", "Rows are not at equal steps.", "Give one row for each step, without summer time."},
	{"series-time", "A stamp can't be read.", "Write ISO 8601: 2030-01-31T07:00+07:00."},
	{"series-unit", "A column says no unit, or two.", "Write it in the header, wind [MW], or beside the citation, unit: MW."},
	{"series-year", "A file does not hold the weather year.", "Set weather: to a year that it holds."},
	{"step", "A step can't be read or does not divide the day.", "Write 1h, 2h, 3h, 4h, 6h, 8h, 12h, 1d, 1w, 1mo or 1a."},
	{"step-nesting", "Two steps meet of which neither is a whole number of the other.", "Day in week and day in month fit, week in month never: change one commodity's step."},
	{"stray-file", "A file or folder lies where it is not read.", "Move or remove it."},
	{"study-builds", "builds: names a study whose capacities can't be taken: a sweep, or one that takes them from here.", "Name a study without a sweep that plans its own."},
	{"study-cycle", "A study inherits from itself, perhaps through others.", "Take one from: out."},
	{"study-name", "A study's name is not its file's.", "Let them be the same."},
	{"study-shape", "A key of a study has the wrong form.", "Write what the text says."},
	{"sweep-too-large", "A sweep has too many points.", "Give fewer values."},
	{"table-header", "A column's name can't be read.", "Write attribute [unit], such as build.max [MW]."},
	{"table-ragged", "A row has more or fewer cells than the header.", "Look for a comma inside a cell: put that cell in quotes."},
	{"table-separator", "A table is not separated by commas.", "Save it with commas, and points in decimals."},
	{"table-syntax", "A table's quotes can't be read.", "Put the whole cell in quotes and double those inside."},
	{"too-deep", "Lists and maps lie too deep within each other.", "No workspace needs that; look for a slip of indentation."},
	{"too-large", "A file is larger than a workspace's may be.", "Split it, or put assets in tables."},
	{"unit-basis", "The dimension fits, the basis does not: dry or wet, gross or net, AC or DC.", "Add or take off the word, or convert by moisture or calorific value first."},
	{"unit-dimension", "A unit measures something else.", "Write a unit of the dimension that the text names."},
	{"unit-money", "A currency or year has no line in money:.", "Add it, with a dated source: EUR: {rate: 1.08 USD, date: 2026-01-02, source: ...}."},
	{"unit-unknown", "A unit's name or form can't be read.", "See the units in the reference; names are case-sensitive."},
	{"unknown-asset", "No asset has that id.", "Correct it, or add the asset."},
	{"unknown-commodity", "No commodity has that id, or a kind needs one that the system does not declare.", "Correct it, or add it under commodities:."},
	{"unknown-format", "A file's name ends in none of the formats that are read.", "Rename it, or convert it."},
	{"unknown-key", "No attribute has that name.", "Correct it; the reference lists them."},
	{"unknown-kind", "No kind has that name.", "Correct it; the reference lists them."},
	{"unknown-party", "No party has that id.", "Correct it, or add it under parties:."},
	{"unknown-path", "A path of set: or sweep: leads nowhere.", "Correct it: assets.ID.attribute."},
	{"unknown-place", "No place has that id.", "Correct it, or add it under places:."},
	{"unknown-scenario", "An asset is in a scenario that the study does not have.", "Correct the name, or add it under scenarios:."},
	{"unknown-source", "A source is cited that sources: does not list.", "Correct it, or add it with its grade."},
	{"unknown-study", "No study has that name.", "Correct it, or add studies/NAME.yaml."},
	{"unreadable-file", "A file can't be opened.", "Look at its permissions."},
	{"value-form", "A value's keys contradict each other.", "Give one of value, series, monthly; unit and offset go with a series."},
	{"whole", "A number is not whole.", "Write a whole number."},
	{"word", "A word is not among those that fit.", "Use one that the text names."},
	{"yaml-documents", "A YAML file holds more than one document.", "Split it at ---."},
	{"yaml-key", "A YAML key is no plain word.", "Write it without brackets and braces."},
	{"yaml-merge", "<<: takes over something that is no map.", "Give it an alias of a map."},
	{"yaml-syntax", "A file can't be understood as YAML.", "Look at the line: indentation, a missing colon, an open quote."},
	{"yaml-tab", "A tab indents a line.", "Indent with blanks."},
	{"yaml-tag", "A YAML tag or directive.", "Take it out: a workspace is plain YAML."},
	{"years-one", "A study of several years.", "Give one year for now."},
}

// CodesMarkdown is docs/errors.md.
func CodesMarkdown() string {
	var b strings.Builder
	b.WriteString("# Errors\n\nMade from the table in the program: don't edit. `busbar check` prints every problem as\n`file:line:col: code: what was read, what would fit`. Codes are stable.\n\n| code | meaning | help |\n|---|---|---|\n")
	for _, c := range Codes {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Code, c.Meaning, c.Help)
	}
	return b.String()
}
