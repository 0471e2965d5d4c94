// Package rooms holds one test: imports point down the list of rooms that
// docs/architecture.md shows, never up.
package rooms

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// order lists the rooms from the top. A package may import what stands below
// it, or in a folder within its own.
var order = [][]string{
	{"cmd/busbar", "bench"},
	{"internal/report", "internal/show", "internal/compare", "internal/example", "internal/source/xlsx"},
	{"internal/study"},
	{"internal/explain", "internal/account"},
	{"internal/source/workspace", "internal/source/emit", "internal/source/pypsa", "internal/source/matpower"},
	{"internal/system", "internal/weather"},
	{"internal/kind"},
	{"internal/attribute", "internal/series"},
	{"internal/rolling"},
	{"internal/formulate"},
	{"internal/primitive"},
	{"internal/clock"},
	{"internal/run"},
	{"internal/unit", "internal/powerflow"},
	{"solve"},
	{"solve/native", "solve/highs", "internal/netcdf"},
	{"lp", "internal/foreign"},
}

const module = "example.org/busbar/"

func TestImportsPointDown(t *testing.T) {
	rank := map[string]int{}
	for i, row := range order {
		for _, room := range row {
			rank[room] = i
		}
	}
	// A subfolder belongs to the room that holds it, unless it is one itself.
	room := func(path string) (string, bool) {
		for path != "" {
			if _, ok := rank[path]; ok {
				return path, true
			}
			i := strings.LastIndex(path, "/")
			if i < 0 {
				return "", false
			}
			path = path[:i]
		}
		return "", false
	}
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(out))
	seen := 0
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		path := strings.TrimPrefix(p.ImportPath, module)
		from, known := room(path)
		if !known {
			if path != "internal/rooms" && !strings.HasPrefix(path, "internal/shared") {
				t.Errorf("%s is in no room; add it to the list here and to docs/architecture.md", path)
			}
			continue
		}
		seen++
		for _, imp := range p.Imports {
			if !strings.HasPrefix(imp, module) {
				continue
			}
			to, known := room(strings.TrimPrefix(imp, module))
			if known && to != from && rank[to] <= rank[from] {
				t.Errorf("%s imports %s, which stands beside or above it", path, strings.TrimPrefix(imp, module))
			}
			if strings.HasPrefix(path, "lp") && known {
				t.Errorf("lp imports %s; it imports nothing of Busbar", imp)
			}
		}
	}
	if seen < 15 {
		t.Fatalf("only %d packages seen", seen)
	}
}

// What others may import stands outside internal.
func TestPublicRooms(t *testing.T) {
	for _, dir := range []string{"lp", "solve", "solve/native", "solve/highs"} {
		if _, err := os.Stat("../../" + dir); err != nil {
			t.Errorf("%s: %v", dir, err)
		}
	}
}
