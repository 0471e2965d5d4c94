package compare

import (
	"bytes"
	"encoding/csv"
	"os"
	"strconv"
	"strings"

	"example.org/busbar/internal/attribute"
)

// flatten visits every value of a tree with its path. A list of plain values is
// one value; so is a map of a value and its source.
func flatten(path string, n *attribute.Node, visit func(path, value string)) {
	join := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	switch n.Kind {
	case attribute.Scalar:
		visit(path, n.Text)
	case attribute.List:
		if plain(n) {
			visit(path, inline(n))
			return
		}
		for i, item := range n.Items {
			flatten(join(strconv.Itoa(i)), item, visit)
		}
	case attribute.Map:
		for _, k := range n.Keys {
			if k.Name == "value" {
				flatten(path, k.Value, visit) // {value: 1 GW, source: x} is 1 GW, with a source
				continue
			}
			flatten(join(k.Name), k.Value, visit)
		}
	}
}

func plain(n *attribute.Node) bool {
	for _, item := range n.Items {
		if item.Kind == attribute.Map {
			return false
		}
	}
	return true
}

func inline(n *attribute.Node) string {
	switch n.Kind {
	case attribute.Scalar:
		return n.Text
	case attribute.List:
		var parts []string
		for _, item := range n.Items {
			parts = append(parts, inline(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return ""
}

// column is a series of a CSV file in two numbers.
type column struct{ name, mean, squares string }

// columns reads the series of a CSV file; none where it is no such file.
func columns(path string) []column {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) < 2 {
		return nil
	}
	var out []column
	for c := 1; c < len(rows[0]); c++ {
		sum, squares, n := 0.0, 0.0, 0
		for _, row := range rows[1:] {
			v, err := strconv.ParseFloat(strings.TrimSpace(row[c]), 64)
			if err != nil {
				continue
			}
			sum += v
			squares += v * v
			n++
		}
		if n == 0 {
			continue
		}
		name, unit, _ := strings.Cut(rows[0][c], "[")
		unit = strings.TrimSuffix(strings.TrimSpace(unit), "]")
		if unit == "1" {
			unit = ""
		}
		write := func(v float64) string { return strings.TrimSpace(strconv.FormatFloat(v, 'g', 6, 64) + " " + unit) }
		out = append(out, column{strings.TrimSpace(name), write(sum / float64(n)), write(squares)})
	}
	return out
}
