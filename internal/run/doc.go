package run

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Reference is the generated part of docs/run-folder.md: every table with its
// columns, from the tags of its row.
func Reference() string {
	var s strings.Builder
	for _, t := range append(slices.Clone(tables), networkTables...) {
		fmt.Fprintf(&s, "\n### tables/%s.parquet\n\n%s\n\n| column | type | meaning |\n|---|---|---|\n", t.name, t.doc)
		rt := reflect.TypeOf(t.row)
		for i := 0; i < rt.NumField(); i++ {
			f := rt.Field(i)
			name, rest, _ := strings.Cut(f.Tag.Get("parquet"), ",")
			typ := f.Type.String()
			if strings.HasPrefix(rest, "timestamp") {
				typ = "timestamp (ms, UTC)"
			}
			fmt.Fprintf(&s, "| %s | %s | %s |\n", name, typ, f.Tag.Get("doc"))
		}
	}
	return s.String()
}
