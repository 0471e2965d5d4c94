package foreign

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Serve, called by an init function, makes this process a child that does one
// piece of work, if the variable is set; it then does not return.
func Serve(variable string, work func() error) {
	if os.Getenv(variable) == "" {
		return
	}
	os.Unsetenv(variable)
	// A Ctrl-C reaches every process of the terminal; the parent decides.
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	if err := work(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Child is a process that holds a library, and the pipes to it.
type Child struct {
	Stdin  io.WriteCloser
	Stdout io.ReadCloser

	cmd    *exec.Cmd
	stderr tail
}

// Start starts this program again as the child that Serve(variable) makes of
// it. name is what lists of processes show; env is added to the environment,
// as the C library will see it.
func Start(variable, name string, env ...string) (*Child, error) {
	exe := "/proc/self/exe" // still this program where its file was replaced
	if runtime.GOOS != "linux" {
		var err error
		if exe, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("finding the program to start again: %w", err)
		}
	}
	c := &Child{cmd: exec.Command(exe)}
	c.cmd.Args = []string{name}
	c.cmd.Env = append(append(os.Environ(), env...), variable+"=1")
	c.cmd.Stderr = &c.stderr
	// A grandchild that held standard error open must not hold Wait.
	c.cmd.WaitDelay = time.Second
	var err error
	if c.Stdin, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if c.Stdout, err = c.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the process that holds the library: %w", err)
	}
	return c, nil
}

// PID is the child's process number.
func (c *Child) PID() int { return c.cmd.Process.Pid }

// Kill ends the child by force.
func (c *Child) Kill() { _ = c.cmd.Process.Kill() }

// End closes the pipe to the child, waits for its end and says how it came, for
// a child that has not done its work.
func (c *Child) End() string {
	c.Stdin.Close()
	how := "it ended without an answer"
	if err := c.cmd.Wait(); err != nil {
		how = err.Error()
	}
	if last := c.stderr.lastLine(); last != "" {
		how += "; its last words: " + last
	}
	return how
}

// tail keeps the first bytes written to it, where a Go crash says what it is,
// and the last.
type tail struct {
	mu   sync.Mutex
	head []byte
	buf  []byte
}

const tailBytes = 4096

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := tailBytes - len(t.head); room > 0 {
		t.head = append(t.head, b[:min(room, len(b))]...)
	}
	t.buf = append(t.buf, b...)
	if len(t.buf) > tailBytes {
		t.buf = append([]byte(nil), t.buf[len(t.buf)-tailBytes:]...)
	}
	return len(b), nil
}

// lastLine returns the first line of a Go crash or else the last line.
func (t *tail) lastLine() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, text := range [][]byte{t.head, t.buf} {
		for l := range strings.Lines(string(text)) {
			if strings.HasPrefix(l, "SIG") || strings.HasPrefix(l, "panic:") || strings.HasPrefix(l, "fatal error:") {
				return strings.TrimSpace(l)
			}
		}
	}
	lines := strings.Split(strings.TrimSpace(string(t.buf)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
