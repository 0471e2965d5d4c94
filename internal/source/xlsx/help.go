package xlsx

func (e *exporter) writeHelp(b *book) error {
	w := b.add(sheetHelp)
	for i, line := range help {
		format := formatWrap
		if i == 0 {
			format = formatTitle
		}
		w.put(1, i+1, content{line, format})
	}
	w.try(b.SetColWidth(sheetHelp, "A", "A", 110))
	return w.err
}

// help is the text of the first sheet.
var help = []string{
	"A Busbar workspace as a workbook",
	"busbar import xlsx FILE.xlsx DIR makes a workspace folder of it; busbar export xlsx DIR FILE.xlsx writes one. Every sheet is described in docs/workspace.md.",
	"One row an entry, one column an attribute. A header carries a comment: meaning, unit, default, range, source. A green header must be filled. An empty cell says nothing: the default holds.",
	"A number takes the unit of its header, capacity [MW]. Another unit may be written in the cell: 2 GW. A percentage is a number shown with %, or 95 %.",
	"Dots nest: build.max is the attribute max of build. price.source and price.note say where the value of price comes from.",
	"A series is cited as series/weather.csv#wind: column wind of sheet \"series weather\", whose first column is the time.",
	"Values by month stand in sheet monthly; lists of groups (terms of a limit, ports of a unit, blocks of a price) in sheets of their own, one row an item, with the id they belong to.",
	"Other lists and maps stand in one cell: [1 GW, 2 GW] or {edl: 51 %, park_co: 49 %}. null means nothing; text in double quotes is taken as it is.",
	"The column study holds what is said in one study only. Sheet studies lists the studies, sheet changes what each sets or sweeps.",
	"A formula counts by the value that Excel saved with it. Merged cells, hidden sheets and cells with errors are refused.",
	"A sheet whose name begins with _ is yours and is not read; this one is such a sheet.",
}
