//go:build unix

package highs

import (
	"os"

	"github.com/ebitengine/purego"
	"golang.org/x/sys/unix"
)

func openLibrary(path string) (uintptr, error) {
	return purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
}

// takeStdout returns the pipe to the parent and turns standard output, as the
// C library has it, to standard error.
func takeStdout() (*os.File, error) {
	fd, err := unix.Dup(1)
	if err != nil {
		return nil, err
	}
	unix.CloseOnExec(fd)
	if err := unix.Dup2(2, 1); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "parent"), nil
}
