package xlsx

import "example.org/busbar/internal/attribute"

// Codes are the errors that only a workbook can have, beside those of
// package attribute.
var Codes = []attribute.Code{
	{Code: "cell-date", Meaning: "A cell holds a date where none fits, or a number where a date is wanted.", Help: "Format the cell as text or number and type the value again; Excel reads 1-2 as a date."},
	{Code: "cell-error", Meaning: "A cell holds an error such as #DIV/0!.", Help: "Mend the formula."},
	{Code: "cell-formula", Meaning: "A formula was saved without its value.", Help: "Open the workbook in Excel or LibreOffice, let it compute, and save it."},
	{Code: "cell-syntax", Meaning: "A list or map in a cell can't be read.", Help: "Write [1 GW, 2 GW] or {edl: 51 %}, with text that has other signs in double quotes."},
	{Code: "hidden-sheet", Meaning: "A sheet is hidden.", Help: "Unhide it, delete it, or begin its name with _ if it is not to be read."},
	{Code: "merged-cells", Meaning: "Cells are merged.", Help: "Unmerge them and fill each."},
	{Code: "unknown-sheet", Meaning: "A sheet has a name that is not read.", Help: "Correct it, or begin it with _ if it is your own."},
	{Code: "workbook", Meaning: "A file is no workbook that can be read.", Help: "Save it as .xlsx, without a password."},
}
