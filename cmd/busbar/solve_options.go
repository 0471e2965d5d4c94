package main

import (
	"strings"

	"example.org/busbar/internal/source/pypsa"

	"github.com/spf13/cobra"
)

// networkFlags are the options of a PyPSA network.
type networkFlags struct {
	file   string
	solved string            // where to write the network with its results
	values map[string]string // by PyPSA's names
}

func (n *networkFlags) flags(c *cobra.Command) {
	n.options(c)
	c.Flags().StringVar(&n.solved, "pypsa", "", "write the solved network there for PyPSA, a CSV folder or a .nc file; it must not exist")
}

// options are those of the optimisation.
func (n *networkFlags) options(c *cobra.Command) {
	n.values = map[string]string{}
	f := c.Flags()
	f.StringVar(&n.file, "pypsa-options", "", "JSON with entry_point, entry_args and optimize_options of a PyPSA network")
	for i := range pypsa.Arguments {
		o := &pypsa.Arguments[i]
		v := f.VarPF(&option{o, n.values}, flagName(o.Name), "", o.Doc)
		if o.Kind == "boolean" {
			v.NoOptDefVal = "true"
		}
	}
	entries := []string{"optimize", "security_constrained", "rolling_horizon", "mga"}
	_ = c.RegisterFlagCompletionFunc("entry-point", cobra.FixedCompletions(entries, cobra.ShellCompDirectiveNoFileComp))
}

// given names a flag that was set, "" for none.
func (n *networkFlags) given(c *cobra.Command) string {
	if n.file != "" {
		return "pypsa-options"
	}
	if n.solved != "" {
		return "pypsa"
	}
	for _, o := range pypsa.Arguments {
		if c.Flags().Changed(flagName(o.Name)) {
			return flagName(o.Name)
		}
	}
	return ""
}

func flagName(option string) string { return strings.ReplaceAll(option, "_", "-") }

// option is a flag whose text the network's options read.
type option struct {
	*pypsa.Argument
	into map[string]string
}

func (o *option) String() string {
	if o.Argument == nil {
		return ""
	}
	return o.into[o.Name]
}

func (o *option) Type() string {
	return map[string]string{"boolean": "bool", "number": "number", "text": "name", "list": "names", "pair": "pair", "json": "value"}[o.Kind]
}

func (o *option) Set(text string) error {
	o.into[o.Name] = text
	return nil
}
