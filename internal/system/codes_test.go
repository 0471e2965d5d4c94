package system_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/source/pypsa"
)

// Where a code stands among the arguments of the functions that report.
var reporters = map[string]map[string]int{
	"../../cmd/busbar":    {},
	"../attribute":        {"problem": 1, "Problem": 1, "Fail": 1},
	"../clock":            {"fault": 0},
	"../kind":             {"Problem": 1, "Fail": 1},
	"../series":           {"fault": 1},
	"../source/workspace": {"problem": 1, "newProblem": 1},
	"../study":            {"problemAt": 1},
	".":                   {"fail": -1, "Fail": 1, "Problem": 1, "at": 1},
}

// Every code that some room reports has its line in attribute.Codes, and every
// line is reported by some room.
func TestEveryCodeIsInTheTable(t *testing.T) {
	used := map[string]string{}
	form := regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)*$`)
	for dir, calls := range reporters {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", dir, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			set := token.NewFileSet()
			f, err := parser.ParseFile(set, name, text, 0)
			if err != nil {
				t.Fatal(err)
			}
			note := func(e ast.Expr) {
				lit, ok := e.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return
				}
				code, _ := strconv.Unquote(lit.Value)
				if dir == "../series" && !strings.HasPrefix(code, "series-") {
					code = "series-" + code
				}
				if form.MatchString(code) {
					used[code] = set.Position(lit.Pos()).String()
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					called := ""
					switch fn := n.Fun.(type) {
					case *ast.Ident:
						called = fn.Name
					case *ast.SelectorExpr:
						called = fn.Sel.Name
					}
					at, ok := calls[called]
					if !ok {
						break
					}
					if at == -1 { // fail(asset, field, code ...), fail(path, code ...)
						at = slices.IndexFunc(n.Args, func(e ast.Expr) bool {
							lit, ok := e.(*ast.BasicLit)
							return ok && slices.ContainsFunc(attribute.Codes, func(c attribute.Code) bool { return strconv.Quote(c.Code) == lit.Value })
						})
						if at < 0 {
							at = min(1, len(n.Args)-1)
						}
					}
					if dir == "../series" { // the aligner's has the code first
						note(n.Args[0])
					}
					if at < len(n.Args) {
						note(n.Args[at])
					}
				case *ast.KeyValueExpr:
					if id, ok := n.Key.(*ast.Ident); ok && id.Name == "Code" {
						note(n.Value)
					}
				case *ast.CompositeLit: // series.Errors{{file, 1, 1, code, text}}
					if n.Type == nil && len(n.Elts) == 5 && dir == "../series" {
						note(n.Elts[3])
					}
				}
				return true
			})
		}
	}
	for _, word := range []string{"place", "party", "commodity", "asset"} { // "unknown-" + ref
		used["unknown-"+word] = "a ref tag"
	}
	for _, code := range []string{"unit-unknown", "unit-dimension", "unit-basis", "unit-money", "number"} {
		used[code] = "package unit"
	}
	known := map[string]bool{}
	for _, c := range pypsa.Codes { // in docs/pypsa.md
		known[c.Code] = true
	}
	for i, c := range attribute.Codes {
		if c.Meaning == "" || c.Help == "" {
			t.Errorf("%s has no meaning or no help", c.Code)
		}
		if i > 0 && c.Code <= attribute.Codes[i-1].Code {
			t.Errorf("%s is out of order", c.Code)
		}
		known[c.Code] = true
		if used[c.Code] == "" {
			t.Errorf("%s is in the table, and nobody reports it", c.Code)
		}
	}
	for code, where := range used {
		if !known[code] {
			t.Errorf("%s: code %q is not in attribute.Codes", where, code)
		}
	}
}
