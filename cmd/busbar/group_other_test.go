//go:build !unix

package main

import "os/exec"

// Scripts that need these are left out here.
func ownGroup(*exec.Cmd)       {}
func interruptGroup(*exec.Cmd) {}
