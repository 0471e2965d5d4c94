package attribute_test

import (
	"flag"
	"os"
	"testing"

	"example.org/busbar/internal/attribute"
)

var update = flag.Bool("update", false, "write docs/errors.md anew")

func TestDocOfErrorsIsTheTable(t *testing.T) {
	const page = "../../docs/errors.md"
	want := attribute.CodesMarkdown()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || string(got) != want {
		t.Errorf("docs/errors.md is not what attribute.Codes says (%v): run make docs", err)
	}
}
