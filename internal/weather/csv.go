package weather

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes the series as a workspace reads them: a header with names
// and units, a row an hour with its stamp and offset. A CSV has no place for
// where it comes from; Spec.Describe has that for the file beside it.
func (w *Weather) WriteCSV(to io.Writer) error {
	out := bufio.NewWriter(to)
	out.WriteString("time")
	for _, s := range w.Series {
		out.WriteString("," + s.Name + " [" + s.Unit + "]")
	}
	out.WriteByte('\n')
	var line []byte
	for h, stamp := range w.Stamps {
		line = stamp.AppendFormat(line[:0], "2006-01-02T15:04-07:00")
		for _, s := range w.Series {
			line = append(line, ',')
			// The values are rounded: the shortest digits are those printed.
			line = strconv.AppendFloat(line, s.Values[h], 'f', -1, 64)
		}
		line = append(line, '\n')
		out.Write(line)
	}
	return out.Flush()
}

// Describe says in Markdown what Generate makes of a spec.
func (s Spec) Describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Synthetic weather, made by internal/weather version %d with seed %d. It is not measured.\n\n", Version, s.Seed)
	for _, y := range s.Years {
		y = y.filled()
		fmt.Fprintf(&b, "- %d: water %.3f, sun %.3f, wind %.3f of a usual year", y.Number, y.Water, y.Sun, y.Wind)
		if y.Irregular > 0 {
			fmt.Fprintf(&b, ", months varied by %.0f %%", 100*y.Irregular)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n| series | unit | what |\n|---|---|---|\n")
	for _, m := range s.Series {
		h := m.head()
		fmt.Fprintf(&b, "| %s | %s | %s |\n", h.Name, h.Unit, h.Doc)
	}
	return b.String()
}
