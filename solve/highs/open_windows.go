package highs

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

func openLibrary(path string) (uintptr, error) {
	var flags uintptr
	if filepath.IsAbs(path) { // its own folder is searched for what it needs
		flags = windows.LOAD_WITH_ALTERED_SEARCH_PATH
	}
	h, err := windows.LoadLibraryEx(path, 0, flags)
	return uintptr(h), err
}

// takeStdout returns the pipe to the parent and turns standard output, as the
// C library will find it when it is loaded, to standard error.
func takeStdout() (*os.File, error) {
	out := os.Stdout
	err := windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Handle(os.Stderr.Fd()))
	return out, err
}
