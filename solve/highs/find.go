package highs

import (
	"os"
	"path/filepath"
	"runtime"
)

// libraryNames are the names under which HiGHS's library goes on this system,
// best first: as the Python package has it, then as system packages have it.
func libraryNames() []string {
	switch runtime.GOOS {
	case "windows":
		return []string{"highs.dll", "libhighs.dll"}
	case "darwin":
		return []string{"libhighs.1.dylib", "libhighs.dylib"}
	}
	return []string{"libhighs.so.1", "libhighs.so"}
}

// candidates lists what to open, in order: $BUSBAR_HIGHS (a file or a folder)
// alone where it is set; else .deps/highs of the working directory and of the
// folders above it up to a module's root; beside the program and in .deps/highs
// there and one above; last the bare names, for the loader to find.
func candidates() []string {
	if named := os.Getenv("BUSBAR_HIGHS"); named != "" {
		if info, err := os.Stat(named); err == nil && info.IsDir() {
			return inFolder(named, true)
		}
		return []string{named}
	}
	var found []string
	if dir, err := os.Getwd(); err == nil {
		for {
			found = append(found, inFolder(filepath.Join(dir, ".deps", "highs"), false)...)
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || filepath.Dir(dir) == dir {
				break
			}
			dir = filepath.Dir(dir)
		}
	}
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		dir := filepath.Dir(exe)
		for _, d := range []string{dir, filepath.Join(dir, ".deps", "highs"), filepath.Join(filepath.Dir(dir), ".deps", "highs")} {
			found = append(found, inFolder(d, false)...)
		}
	}
	return append(found, libraryNames()...)
}

// inFolder returns the library's files in dir, or with missing those that
// would be looked for.
func inFolder(dir string, missing bool) []string {
	var found []string
	for _, name := range libraryNames() {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil || missing {
			found = append(found, path)
		}
	}
	return found
}
