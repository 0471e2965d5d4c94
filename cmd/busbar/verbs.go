package main

import "github.com/spf13/cobra"

// verbs adds every verb, in the order a planner meets them.
func (a *app) verbs(root *cobra.Command) {
	root.AddCommand(a.new(), a.check(), a.run(), a.report(), a.solve(), a.export(), a.importing(), a.doctor())
}
