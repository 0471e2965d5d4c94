package xlsx

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/source/workspace"
	"example.org/busbar/internal/study"
)

// ErrFolder: the folder for the workspace is there already and is not empty.
var ErrFolder = errors.New("a workspace takes a folder of its own")

// Import makes a workspace folder of a workbook. The folder must be empty, or
// not be there; it appears whole, or not at all. Every problem of the workbook
// is returned, each with the cell it comes from (see Place), also those that
// only checking the workspace finds; with problems there is no folder.
func Import(file, dir string) ([]attribute.Problem, error) {
	if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
		return nil, fmt.Errorf("%s is not empty: %w", dir, ErrFolder)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is there and is no folder: %w", dir, ErrFolder)
	}
	r := &reader{book: bookName(file)}
	if r.guard("", func() { r.open(file) }); r.file == nil {
		return r.problems, nil
	}
	defer r.file.Close()
	b := newBuilder(r)
	b.build()
	return b.write(dir)
}

// write puts the files beside their place, checks them, and moves them there.
func (b *builder) write(dir string) ([]attribute.Problem, error) {
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, err
	}
	temporary, err := os.MkdirTemp(parent, ".import-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	files := b.files(b.book)
	root, err := os.OpenRoot(temporary)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	for name, o := range files {
		if err := root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o755); err != nil {
			return nil, err
		}
		if err := root.WriteFile(filepath.FromSlash(name), o.Bytes(), 0o644); err != nil {
			return nil, err
		}
	}
	found, err := study.Check(temporary, "")
	if err != nil {
		return nil, err
	}
	b.told(files, found)
	if len(b.problems) > 0 {
		return workspace.Sorted(b.problems), nil
	}
	if err := errors.Join(root.Close(), os.Chmod(temporary, 0o755)); err != nil {
		return nil, err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return nil, os.Rename(temporary, dir)
}

// told takes over what a check of the files found, by the cells it came from.
// Of a cell that has a problem already no second one is told: it was left out.
func (b *builder) told(files map[string]*output, found []attribute.Problem) {
	bad := map[attribute.Pos]bool{}
	for _, p := range b.problems {
		bad[attribute.Pos{File: p.File, Line: p.Line, Col: p.Col}] = true
	}
	for _, p := range found {
		pos := at(b.book, sheetSystem, 1, 1)
		if o := files[p.File]; o != nil && o.grid != nil {
			row, col := o.grid.cellOf(o.Bytes(), p.Line, p.Col)
			pos = at(b.book, o.grid.sheet, row, col)
		} else if o != nil {
			if from, ok := o.origin(p.Line, p.Col); ok {
				pos = from
			}
		}
		if !bad[pos] {
			b.problem(pos, p.Code, "%s", p.Text)
		}
	}
}
