package main

import (
	"flag"
	"fmt"
	"path/filepath"

	"example.org/busbar/bench/realpark"
)

func realPark(args []string) error {
	f := flag.NewFlagSet("real-park", flag.ExitOnError)
	shared := f.String("shared", "../shared", "folder of shared data")
	out := f.String("out", "bench/out/real-park", "workspace to write; it must not exist, or be empty")
	f.Parse(args)
	if err := realpark.Write(filepath.Join(*shared, "data"), *out); err != nil {
		return err
	}
	fmt.Println(*out)
	return nil
}
