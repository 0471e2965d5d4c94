package system

import "example.org/busbar/internal/attribute"

// LimitSpec is the table of attributes of a limit.
type LimitSpec struct {
	ID   string `yaml:",key"`
	Pos  attribute.Pos
	Note string `yaml:"note" optional:"true" doc:"remark"`
}

func (e *expander) limits() {}
