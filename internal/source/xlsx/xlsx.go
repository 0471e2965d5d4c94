// Package xlsx turns a workspace into a workbook and a workbook into a
// workspace folder, for planners who live in Excel.
//
// What enters: a folder, or an .xlsx file. What leaves: the other of the two;
// or every problem of the workbook, with its sheet and cell. The numbers stay
// as their author wrote them: nothing here converts a unit. What a workspace
// means is not judged here either: an import is written beside its place,
// checked as any folder is, and what the check finds is told by the cells that
// said it.
//
// A sheet of entries has one row an entry and one column an attribute, named
// and with its unit as in assets/*.csv: layout.go says which sheets there are,
// docs/workspace.md shows them.
package xlsx

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"example.org/busbar/internal/attribute"
)

// The sheets that are not made of the tables of attributes.
const (
	sheetHelp    = "_read_me"
	sheetSystem  = "system"
	sheetStudies = "studies"
	sheetChanges = "changes"
	sheetMonthly = "monthly"
	kindPrefix   = "kind "
	seriesPrefix = "series "
	// ownPrefix begins the name of a sheet that is the planner's own and is
	// not read.
	ownPrefix = "_"
)

// The columns that a sheet has beside those of the attributes.
const (
	columnID    = "id"
	columnStudy = "study"
	columnOrder = "order"
	columnKey   = "key"   // of an item of a map
	columnValue = "value" // of an item that is written as one value
)

// at is the place of a cell: the workbook and sheet are the file, the row and
// column the line and column.
func at(book, sheet string, row, col int) attribute.Pos {
	return attribute.Pos{File: book + "#" + sheet, Line: row, Col: col}
}

// Place is where a problem of a workbook lies, as a planner of Excel says it:
// park.xlsx:'kind wind'!B7.
func Place(p attribute.Problem) string {
	book, sheet, ok := strings.Cut(p.File, "#")
	if !ok {
		return p.File
	}
	if strings.ContainsFunc(sheet, func(r rune) bool {
		return r != '_' && r != '.' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		sheet = "'" + strings.ReplaceAll(sheet, "'", "''") + "'"
	}
	cell, err := excelize.CoordinatesToCellName(max(1, p.Col), max(1, p.Line))
	if err != nil {
		cell = fmt.Sprintf("R%dC%d", p.Line, p.Col)
	}
	return book + ":" + sheet + "!" + cell
}

// Line is a problem as the command line prints it.
func Line(p attribute.Problem) string { return Place(p) + ": " + p.Code + ": " + p.Text }

func bookName(file string) string { return filepath.Base(file) }
