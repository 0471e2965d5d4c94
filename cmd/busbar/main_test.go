package main

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"example.org/busbar/internal/netcdf"

	"github.com/rogpeppe/go-internal/testscript"
)

// Within scripts `busbar` is this program. It starts itself again for the
// process that holds HiGHS, which leaves before a test could begin.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"busbar": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// highsFolder is where `make deps` puts HiGHS, "" if it is not there.
func highsFolder() string {
	if dir := os.Getenv("BUSBAR_HIGHS"); dir != "" {
		return dir
	}
	dir, err := filepath.Abs("../../.deps/highs")
	if err != nil {
		return ""
	}
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}

// netcdfFile is the libnetcdf that this program finds, "" where there is none.
var netcdfFile = sync.OnceValue(func() string {
	info, err := netcdf.Probe()
	if err != nil {
		return ""
	}
	return info.Path
})
