package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"example.org/busbar/internal/attribute"
)

// Sizes beyond which a file is refused. The YAML library needs more than
// linear time, hence its small limit; hundreds of assets belong in tables.
const (
	maxYAML   = 2 << 20
	maxTable  = 32 << 20
	maxSeries = 256 << 20
)

// File is an input that was read, as it was read.
type File struct {
	Path   string // relative to the workspace, with slashes
	SHA256 string // of Data, in hex
	Data   []byte
}

// Files returns every file read so far, by path.
func (w *Workspace) Files() []File {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]File, 0, len(w.files))
	for _, f := range w.files {
		out = append(out, f)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out
}

// OpenFile returns the content of a file that the text at from cites, and
// notes it among Files. The path is relative to the workspace and stays in it:
// those of an included folder were given its name in front when it was read.
// The content must not be changed. It may be called from several goroutines.
func (w *Workspace) OpenFile(rel string, from attribute.Pos) ([]byte, *attribute.Problem) {
	name, bad := resolve(".", rel, from)
	if bad != nil {
		return nil, bad
	}
	return w.read(name, from, maxSeries)
}

// ReadFile is OpenFile for a caller that knows no place; its errors are
// *FileError.
func (w *Workspace) ReadFile(name string) ([]byte, error) {
	data, bad := w.OpenFile(name, attribute.Pos{})
	if bad != nil {
		return nil, &FileError{*bad}
	}
	return data, nil
}

// FileError is a problem with a file, without the place that cites it.
type FileError struct{ problem attribute.Problem }

func (e *FileError) Error() string { return e.problem.Text }

// Problem has the code and text; its File is empty.
func (e *FileError) Problem() attribute.Problem { return e.problem }

var drive = regexp.MustCompile(`^[A-Za-z]:`)

func resolve(dir, rel string, from attribute.Pos) (string, *attribute.Problem) {
	p := strings.ReplaceAll(strings.TrimSpace(rel), `\`, "/")
	if p == "" {
		bad := newProblem(from, "missing-file", "an empty path; it should name a file, e.g. series/weather.csv")
		return "", &bad
	}
	name := path.Join(dir, p)
	if strings.HasPrefix(p, "/") || drive.MatchString(p) || name == ".." || strings.HasPrefix(name, "../") {
		bad := newProblem(from, "path-outside", "%q leads out of the workspace; copy the file into it and give its path from there", short(rel))
		return "", &bad
	}
	return name, nil
}

// read returns a file's content and notes its hash, or says at from what is
// wrong with it. name is relative to the workspace and clean.
func (w *Workspace) read(name string, from attribute.Pos, limit int64) ([]byte, *attribute.Problem) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f, ok := w.files[name]; ok {
		return f.Data, nil
	}
	data, err := w.readAll(name, limit)
	if err != nil {
		bad := w.unread(name, from, limit, err)
		return nil, &bad
	}
	sum := sha256.Sum256(data)
	w.files[name] = File{Path: name, SHA256: hex.EncodeToString(sum[:]), Data: data}
	return data, nil
}

var (
	errTooLarge   = errors.New("too large")
	errNotRegular = errors.New("not a regular file")
)

func (w *Workspace) readAll(name string, limit int64) ([]byte, error) {
	if w.root == nil {
		return nil, fs.ErrNotExist
	}
	// Asked before opening: opening a named pipe would wait for its writer.
	info, err := w.root.Stat(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	if info.Size() > limit {
		return nil, errTooLarge
	}
	f, err := w.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	// The file may have grown since; one byte more than allowed tells.
	data := make([]byte, 0, info.Size()+1)
	for {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if int64(len(data)) > limit {
			return nil, errTooLarge
		}
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (w *Workspace) unread(name string, from attribute.Pos, limit int64, err error) attribute.Problem {
	switch {
	case errors.Is(err, errTooLarge):
		return newProblem(from, "too-large", "%s is larger than %d MiB%s", name, limit>>20, tooLargeAdvice(name))
	case errors.Is(err, errNotRegular):
		return newProblem(from, "unreadable-file", "%s is not a file that can be read (a folder or device)", name)
	case errors.Is(err, fs.ErrNotExist):
		return newProblem(from, "missing-file", "no file %s in the workspace%s", name, w.similar(name))
	}
	if real, e := filepath.EvalSymlinks(filepath.Join(w.dir, filepath.FromSlash(name))); e == nil {
		if rel, e := filepath.Rel(absolute(w.dir), absolute(real)); e != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return newProblem(from, "path-outside", "%s is a link that leads out of the workspace; copy the file into it", name)
		}
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return newProblem(from, "unreadable-file", "%s can't be read: %v", name, err)
}

func tooLargeAdvice(name string) string {
	if path.Ext(name) == ".csv" {
		return "; split it"
	}
	return "; put the assets into tables (assets/*.csv) or split it with include"
}

// similar suggests the file that was meant: a near name in the nearest folder
// that exists.
func (w *Workspace) similar(name string) string {
	dir, want := path.Dir(name), path.Base(name)
	for dir != "." && !w.isDir(dir) {
		dir, want = path.Dir(dir), path.Base(dir)
	}
	var names []string
	for _, e := range w.list(dir) {
		if e.Name() != want { // itself: a link that leads nowhere
			names = append(names, e.Name())
		}
	}
	if near := attribute.Near(want, names); near != "" {
		return "; did you mean " + path.Join(dir, near) + "?"
	}
	return ""
}

// entries lists a folder that may be missing, but not lead out or be a file.
func (w *Workspace) entries(dir string) []fs.DirEntry {
	if w.exists(dir) && !w.isDir(dir) {
		at := attribute.Pos{File: dir, Line: 1, Col: 1}
		_, err := w.root.Stat(filepath.FromSlash(dir))
		if err == nil {
			err = errors.New("not a folder")
		}
		w.found = append(w.found, w.unread(dir, at, 0, err))
		return nil
	}
	return w.list(dir)
}

func (w *Workspace) list(dir string) []fs.DirEntry {
	if w.root == nil {
		return nil
	}
	entries, err := fs.ReadDir(w.root.FS(), dir)
	if err != nil {
		return nil
	}
	return entries
}

func (w *Workspace) stat(name string) os.FileInfo {
	if w.root == nil {
		return nil
	}
	info, err := w.root.Stat(filepath.FromSlash(name))
	if err != nil {
		return nil
	}
	return info
}

// exists tells whether something stands there, be it a broken link: reading
// it then says what is wrong.
func (w *Workspace) exists(name string) bool {
	if w.root == nil {
		return false
	}
	_, err := w.root.Lstat(filepath.FromSlash(name))
	return err == nil
}

func (w *Workspace) isDir(name string) bool {
	info := w.stat(name)
	return info != nil && info.IsDir()
}
