package system

import (
	"strings"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/formulate"
	"example.org/busbar/internal/primitive"
)

// Faults places what the formulation finds wrong with a model (it is an error of
// formulate.Build) where the planner wrote it: at the asset, the outages, the limit,
// else at the name of the study. Nil where there is no error, or one of another kind.
func Faults(s *System, m *primitive.Model, err error) []attribute.Problem {
	var all []attribute.Problem
	for _, f := range formulate.Faults(err) {
		pos, text := s.tree.Find("study"), f.Error()
		what, _, _ := strings.Cut(text, ":")
		kind, name, _ := strings.Cut(what, " ")
		switch {
		case f.Asset >= 0 && int(f.Asset) < len(m.Assets):
			for i := range s.Assets {
				if s.Assets[i].ID == m.Assets[f.Asset].Name {
					pos = s.Assets[i].Pos
				}
			}
		case kind == "outage":
			pos = s.tree.Find("outages")
		case kind == "limit":
			pos = s.tree.Find("limits." + name)
		case kind == "risk":
			pos = s.tree.Find("risk")
		}
		all = append(all, attribute.Problem{File: pos.File, Line: pos.Line, Col: pos.Col, Code: "formulation", Text: text})
	}
	attribute.Sort(all)
	return all
}
