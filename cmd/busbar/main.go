// Command busbar plans integrated power-and-metal systems. It parses flags
// and prints; every decision is made in the packages below it. One file per
// verb.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"example.org/busbar/internal/attribute"

	"github.com/spf13/cobra"
)

// version is set by the build.
var version = "dev"

// Exit codes; they keep their meaning.
const (
	exitDone       = 0
	exitFault      = 1 // a fault of Busbar's
	exitBadInput   = 2
	exitNoSolution = 3 // infeasible or unbounded
	exitStopped    = 4 // at a limit or by the user
	exitUnproved   = 5
)

// exitError ends the program with a code; what was to be said has been said if
// quiet.
type exitError struct {
	code  int
	err   error
	quiet bool
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// badInput marks an error as the planner's to mend.
func badInput(format string, a ...any) error {
	return &exitError{code: exitBadInput, err: fmt.Errorf(format, a...)}
}

// app is what a verb may reach of the outside world.
type app struct {
	in       io.Reader
	out, err io.Writer
	colour   bool
}

func main() {
	os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Main runs one command line and returns its exit code.
func Main(args []string, in io.Reader, out, errw io.Writer) (code int) {
	a := &app{in: in, out: out, err: errw, colour: os.Getenv("NO_COLOR") == "" && isTerminal(errw)}
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(errw, "busbar: a fault of Busbar's, please report it: %v\n%s", r, debug.Stack())
			code = exitFault
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := a.root()
	root.SetArgs(args)
	verb, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	var e *exitError
	if !errors.As(err, &e) {
		e = &exitError{code: exitFault, err: err}
	}
	if !e.quiet {
		fmt.Fprintln(errw, "busbar:", e.err)
		if e.code == exitBadInput && jsonAsked(verb, args) {
			_ = a.printRefused([]attribute.Problem{{Code: "command-line", Text: e.Error()}})
		}
	}
	return e.code
}

// jsonAsked reports whether a command line asks for JSON of a verb that knows
// it; the flags may be what could not be read.
func jsonAsked(verb *cobra.Command, args []string) bool {
	if verb.Flags().Lookup("json") == nil {
		return false
	}
	for _, a := range args {
		switch a {
		case "--json", "--json=true":
			return true
		case "--":
			return false
		}
	}
	return false
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "busbar",
		Short: "Plan integrated power-and-metal systems",
		Long: `Busbar plans systems in which power, metal, water and fuels hang together:
from rivers, wind, sun and ore to electricity and aluminium, hour by hour,
proved and explained. A system is a folder of plain text files (a workspace);
a result is a folder that never changes (a run).`,
		Example: `  busbar new park --from oudomxay     write a workspace to start from
  busbar check park                   list everything wrong with it
  busbar run park --study base        solve a study, write a run folder
  busbar report park/runs/base-...    make its HTML report
  busbar solve model.mps --json       solve a bare problem as it is`,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args: func(c *cobra.Command, got []string) error {
			if len(got) == 0 {
				return nil
			}
			return c.Root().FlagErrorFunc()(c, fmt.Errorf("there is no verb %q%s", got[0], meant(c, got[0])))
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return badInput("%v; `%s --help` shows what fits", err, c.CommandPath())
	})
	// A verb that holds others runs only to say what is wrong: its usage need
	// not show it without them.
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(), "{{if .Runnable}}", "{{if and .Runnable (not .HasAvailableSubCommands)}}", 1))
	root.SuggestionsMinimumDistance = 2
	a.verbs(root)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		group(c)
		if c.Name() == "completion" {
			completion(c)
		}
	}
	return root
}

// meant suggests the verb that a misspelt one may stand for.
func meant(c *cobra.Command, read string) string {
	if near := c.SuggestionsFor(read); len(near) > 0 {
		return "; did you mean " + near[0] + "?"
	}
	return ""
}

// group makes a verb that only holds others refuse what is none of them.
func group(c *cobra.Command) {
	if c.Runnable() || !c.HasSubCommands() {
		return
	}
	c.Args = func(c *cobra.Command, got []string) error {
		if len(got) == 0 {
			return nil
		}
		return badInput("%s has no %q%s; `%s --help` shows what there is", c.CommandPath(), got[0], meant(c, got[0]), c.CommandPath())
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	c.SuggestionsMinimumDistance = 2
}

// completion gives the shells' help its example.
func completion(c *cobra.Command) {
	c.Short = "Let a shell complete verbs, flags and studies"
	c.Example = `  source <(busbar completion bash)
  busbar completion fish > ~/.config/fish/completions/busbar.fish`
	for _, shell := range c.Commands() {
		load := map[string]string{
			"bash":       "source <(busbar completion bash)",
			"zsh":        "source <(busbar completion zsh)",
			"fish":       "busbar completion fish | source",
			"powershell": "busbar completion powershell | Out-String | Invoke-Expression",
		}
		shell.Example = "  " + load[shell.Name()]
	}
}

// args is cobra.RangeArgs with an error a planner can read.
func args(min, max int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, got []string) error {
		if len(got) < min || len(got) > max {
			return badInput("%s takes %s, read %d; `%s --help` shows how", c.CommandPath(), what, len(got), c.CommandPath())
		}
		return nil
	}
}
