//go:build unix

package foreign

import (
	"os"

	"github.com/ebitengine/purego"
	"golang.org/x/sys/unix"
)

func open(path string) (uintptr, error) {
	return purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
}

// TakeStdout returns the pipe to the parent and leads standard output, as the
// C library has it, to nowhere.
func TakeStdout() (*os.File, error) {
	fd, err := unix.Dup(1)
	if err != nil {
		return nil, err
	}
	unix.CloseOnExec(fd)
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Dup2(int(null.Fd()), 1); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "parent"), null.Close()
}
