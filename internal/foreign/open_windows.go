package foreign

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

func open(path string) (uintptr, error) {
	var flags uintptr
	if filepath.IsAbs(path) { // its own folder is searched for what it needs
		flags = windows.LOAD_WITH_ALTERED_SEARCH_PATH
	}
	h, err := windows.LoadLibraryEx(path, 0, flags)
	return uintptr(h), err
}

// TakeStdout returns the pipe to the parent and leads standard output, as the
// C library will find it when it is loaded, to nowhere.
func TakeStdout() (*os.File, error) {
	out := os.Stdout
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	os.Stdout = null // kept open for the library
	return out, windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Handle(null.Fd()))
}
