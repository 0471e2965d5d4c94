package example_test

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// docs/sekong.md and docs/vietnam-laos.md teach with commands that run, and print
// what they print.
func TestSekongPage(t *testing.T)  { page(t, "sekong") }
func TestVietnamPage(t *testing.T) { page(t, "vietnam-laos") }
func TestMekongPage(t *testing.T)  { page(t, "mekong") }

// page runs a page's commands in an empty folder.
func page(t *testing.T, name string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + name + ".md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "busbar")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/busbar").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	blocks := regexp.MustCompile("(?ms)^```(sh|text|yaml)\n(.*?)^```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 6 {
		t.Fatalf("%d blocks on the page", len(blocks))
	}
	var printed string
	for _, b := range blocks {
		if b[1] == "yaml" { // a file, named in its first line
			name, body, _ := strings.Cut(strings.TrimPrefix(b[2], "# "), "\n")
			if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(body), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if b[1] == "text" {
			for _, line := range strings.Split(strings.TrimSpace(b[2]), "\n") {
				if want := strings.Join(strings.Fields(line), " "); !strings.Contains(printed, want) && !prints(printed, want) {
					t.Errorf("the page prints %q, the commands before it:\n%s", want, printed)
				}
			}
			continue
		}
		var all bytes.Buffer
		for _, line := range strings.Split(strings.TrimSpace(b[2]), "\n") {
			line, _, _ = strings.Cut(line, " #")
			words := strings.Fields(strings.ReplaceAll(line, "'", "")) // no quoted blanks on these pages
			if len(words) == 0 || words[0] != "busbar" {
				t.Fatalf("the page runs %q, which is not busbar", line)
			}
			cmd := exec.Command(program, words[1:]...)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != 0 && code != infeasible {
				t.Fatalf("%s: %v\n%s", line, err, out)
			}
			all.Write(out)
		}
		printed = strings.Join(strings.Fields(all.String()), " ")
	}
}

// infeasible is the exit code of a study that has no solution, told and explained.
const infeasible = 3

// prints tells whether words follow each other in a text, numbers to 1e-5: the last
// digits of an answer are the solver's.
func prints(text, words string) bool {
	have, want := strings.Fields(text), strings.Fields(words)
	same := func(a, b string) bool {
		x, err := strconv.ParseFloat(strings.ReplaceAll(a, ",", ""), 64)
		y, bad := strconv.ParseFloat(strings.ReplaceAll(b, ",", ""), 64)
		return a == b || err == nil && bad == nil && math.Abs(x-y) <= 1e-5*math.Abs(y)
	}
	for i := 0; i+len(want) <= len(have); i++ {
		if slices.EqualFunc(have[i:i+len(want)], want, same) {
			return true
		}
	}
	return false
}
