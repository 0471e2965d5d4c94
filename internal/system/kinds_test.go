package system_test

import (
	"testing"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/system"
)

// What no compiler sees: tags are text.
func TestTagsOfEveryTable(t *testing.T) {
	for _, s := range kind.All() {
		if err := attribute.Verify(attribute.Table(s.New())); err != nil {
			t.Errorf("kind %s:\n%v", s.Name, err)
		}
		for _, a := range attribute.Table(s.New()) {
			for _, b := range system.CommonTable() {
				if a.Key == b.Key {
					t.Errorf("kind %s has %s, which every asset has", s.Name, a.Key)
				}
			}
		}
	}
	if err := attribute.Verify(system.WorkspaceTable()); err != nil {
		t.Error(err)
	}
}
