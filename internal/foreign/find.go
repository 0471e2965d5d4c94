// Package foreign opens C libraries that may be missing and may crash: at run
// time, without cgo, in a copy of the running program.
//
// What enters: where a library may lie, what is done with it, and a line of
// work. What leaves: the library's address in the copy, pipes to it, and if it
// dies a sentence that says how.
package foreign

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Library says where a library may lie.
type Library struct {
	Variable string   // of the environment, that names a file or a folder: BUSBAR_HIGHS
	Folder   string   // its folder under .deps: highs
	Names    []string // of the file, best first; a * stands for anything
}

// Candidates lists what to open, in order: what the variable names (a file or a
// folder) alone where it is set; else .deps of the working directory and of the
// folders above it up to a module's root; beside the program and in .deps there
// and one above; last the bare names, for the loader to find.
func (l *Library) Candidates() []string {
	if named := os.Getenv(l.Variable); named != "" {
		if info, err := os.Stat(named); err == nil && info.IsDir() {
			if found := l.in(named); len(found) > 0 {
				return found
			}
			return []string{filepath.Join(named, l.Names[0])}
		}
		return []string{named}
	}
	var found []string
	if dir, err := os.Getwd(); err == nil {
		for {
			found = append(found, l.in(filepath.Join(dir, ".deps", l.Folder))...)
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
		for _, d := range []string{dir, filepath.Join(dir, ".deps", l.Folder), filepath.Join(filepath.Dir(dir), ".deps", l.Folder)} {
			found = append(found, l.in(d)...)
		}
	}
	for _, name := range l.Names {
		if !strings.Contains(name, "*") {
			found = append(found, name)
		}
	}
	return found
}

// in returns the library's files in a folder.
func (l *Library) in(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var found []string
	for _, name := range l.Names {
		for _, e := range entries {
			if ok, err := filepath.Match(name, e.Name()); ok && err == nil {
				found = append(found, filepath.Join(dir, e.Name()))
			}
		}
	}
	return found
}

// Open opens the first of paths that can be opened and bound, and says which.
// bind is given the library's handle; it may panic, as purego does where a
// symbol is missing. The error names what was tried, and of files that are
// there what is wrong with them.
func Open(paths []string, bind func(handle uintptr) error) (string, error) {
	var tried []string
	for _, path := range paths {
		handle, err := open(path)
		if err == nil {
			err = caught(bind, handle)
		}
		if err == nil {
			return path, nil
		}
		if _, missing := os.Stat(path); missing == nil {
			path = fmt.Sprintf("%s (%v)", path, err)
		}
		tried = append(tried, path)
	}
	return "", fmt.Errorf("tried %s", strings.Join(tried, ", "))
}

func caught(bind func(uintptr) error, handle uintptr) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("not the library wanted: %v", r)
		}
	}()
	return bind(handle)
}
