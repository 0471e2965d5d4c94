//go:build unix

package highs

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.org/busbar/lp"
	"example.org/busbar/solve/solvetest"
)

func TestKilledLibraryIsAnError(t *testing.T) {
	need(t)
	onStart = func(pid int) {
		time.AfterFunc(300*time.Millisecond, func() { syscall.Kill(pid, syscall.SIGKILL) })
	}
	defer func() { onStart = nil }()
	sol, err := Solver{}.Solve(context.Background(), solvetest.MarketSplit(), lp.Options{})
	if err == nil || !strings.Contains(err.Error(), "died (signal: killed)") {
		t.Fatalf("%+v, %v", sol, err)
	}
}

func TestChildSurvivesTerminalSignalsAndDiesWithItsParent(t *testing.T) {
	need(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), parentEnv+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	line, _ := bufio.NewReader(out).ReadString('\n')
	if _, err := fmt.Sscanf(line, "child %d", &pid); err != nil {
		cmd.Process.Kill()
		t.Fatalf("parent said %q", line)
	}
	time.Sleep(300 * time.Millisecond)
	syscall.Kill(pid, syscall.SIGINT)
	time.Sleep(200 * time.Millisecond)
	if !alive(pid) {
		t.Error("Ctrl-C in the terminal ended the child; the parent is to decide")
	}
	cmd.Process.Kill()
	cmd.Wait()
	for i := 0; alive(pid); i++ {
		if i == 20 {
			syscall.Kill(pid, syscall.SIGKILL)
			t.Fatal("the child lives on 2 s after its parent's death")
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// alive reports whether pid runs; one that has ended and waits to be reaped by
// init doesn't.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !bytes.Contains(stat, []byte(") Z "))
}
