package shared

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPathPrefersEnvironment(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "cases"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BUSBAR_SHARED", dir)
	if got, want := Path(t, "cases"), filepath.Join(dir, "cases"); got != want {
		t.Fatalf("Path = %s, want %s", got, want)
	}
}

func TestPathSkipsWhatIsMissing(t *testing.T) {
	t.Setenv("BUSBAR_SHARED", t.TempDir())
	var skipped bool
	t.Run("missing", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		Path(t, "no/such/file")
	})
	if !skipped {
		t.Fatal("a missing file did not skip the test")
	}
}

func TestModuleRootHasGoMod(t *testing.T) {
	root, ok := moduleRoot()
	if !ok {
		t.Fatal("no module root above this package")
	}
	if _, err := os.Stat(filepath.Join(root, "internal", "shared", "shared.go")); err != nil {
		t.Fatal(err)
	}
}
