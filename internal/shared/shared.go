// Package shared finds the reference data that tests and benchmarks read and
// that the repository doesn't hold: published cases, series, Netlib.
//
// What enters: a path inside that folder. What leaves: a path on this machine,
// or a skipped test that says why.
package shared

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the place of rel (slash-separated) in the shared folder:
// $BUSBAR_SHARED, else the folder "shared" beside the module root. It skips
// the test where the folder or the file is not there.
func Path(t testing.TB, rel string) string {
	t.Helper()
	dir := os.Getenv("BUSBAR_SHARED")
	if dir == "" {
		root, ok := moduleRoot()
		if !ok {
			t.Skip("shared data: no go.mod above the working directory; set BUSBAR_SHARED to the folder")
		}
		dir = filepath.Join(filepath.Dir(root), "shared")
	}
	path := filepath.Join(dir, filepath.FromSlash(rel))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("shared data: no %s in %s; set BUSBAR_SHARED to the folder that holds it", rel, dir)
	}
	return path
}

// moduleRoot walks up from the working directory, which for a test is its
// package's folder.
func moduleRoot() (string, bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}
