// Package system is the typed model of a workspace and its checks. It decodes
// a positioned tree through the tables of attributes, checks what no single
// attribute can know (references, duplicate names, balances nobody can meet),
// and expands assets through their kinds into primitives.
//
// What enters: the tree of one study, includes and overrides applied, from
// package source. What leaves: a System, and from it a primitive.Model; the
// schema, the reference page and the table headers of the workspace.
//
// The tables of the top level are in tables.go, limits in limit.go, those of
// assets in package kind. Load decodes twice: first for names, units and time,
// then, knowing those, for everything. Expand makes one kind.Expansion for
// every active asset, checks the model that results, and adds the limits.
package system

import (
	"time"

	"example.org/busbar/internal/attribute"
	"example.org/busbar/internal/clock"
	"example.org/busbar/internal/kind"
	"example.org/busbar/internal/primitive"
)

// System is everything a study plans with, in base units.
type System struct {
	Name     string
	Currency string
	BaseYear int
	Discount float64 // real, a year
	Product  string  // commodity whose cost per unit is reported, "" for none

	Commodities []Commodity
	Places      []Place
	Parties     []Party
	Assets      []Asset
	Limits      []Limit
	Sources     []Source
	Money       []Money
	Events      []Event
	Scenarios   []primitive.Scenario
	Risk        *primitive.Risk
	Outages     []Outage
	Alternative *Alternative
	Rolling     *Rolling // nil: the whole horizon at once

	Study     Study
	Clock     *clock.Clock
	Selection *clock.Selection     // of representative periods, nil for every hour
	Notes     []string             // what was assumed on the way (29 February, resampling ...)
	Cited     []attribute.Citation // values outside the assets that name a source

	tree    *attribute.Node
	weights map[string]float64 // of an alternative, by asset
	context *attribute.Context // for what limits leave to the expansion

	// What Load found: anything, and anything outside the assets.
	faulty, unsound bool
}

// Commodity is one that the system declares.
type Commodity struct {
	ID      string
	Name    string
	Unit    string // base unit with basis
	Step    clock.Step
	Balance primitive.Balance
	Price   attribute.Value // of an account
	Doc     string
}

// Place is where things are.
type Place struct {
	ID, Name, Country string
	Lat, Lon          float64 // NaN where not given
}

// Party is a company, ministry, province.
type Party struct {
	ID, Name, Role, Note string
}

// Share of an owner.
type Share struct {
	Party string
	Share float64 // 0 to 1; NaN: not published
}

// Asset is one thing of some kind.
type Asset struct {
	ID     string
	Name   string // for reports, "" if not given
	Kind   string
	Place  string
	Owners []Share
	Green  bool
	Status string // of its contract: "", "free", "sold", "offer", "to be built"
	Active bool   // in the study
	Sector string // for studies that take only some, "" for all
	Source string
	Note   string
	Spec   kind.Kind // decoded
	Pos    attribute.Pos
	stands *stands
	future string // scenario, "" for all

	Cited []attribute.Citation // every value that names a source, and every default that has one; paths below the asset

	node   *attribute.Node
	faulty bool // Load found problems in it
}

// Outage is the loss of a line that the grid must survive.
type Outage struct {
	Line      string
	Monitored []string // nil: all it is joined to
}

// Limit is a planner's cap or floor, before it becomes a primitive.Limit.
type Limit struct {
	ID, Note string
	Spec     LimitSpec
	Pos      attribute.Pos

	node   *attribute.Node
	faulty bool // Load found problems in it
}

// Source is a line of sources.yaml.
type Source struct {
	ID, Title, URL string
	Grade          string // read, derived, general-knowledge, assumption
	Date           time.Time
	Note           string
}

// Event is a disruption: what attributes become from a time until another.
type Event struct {
	ID, Source, Note string
	From, Until      time.Time
	Changes          []Changed
}

// Changed is one attribute of an event and what it becomes, as written. Was is
// what is written for the rest of the time, "" where that is a default.
type Changed struct{ Path, Was, Text string }

// Money is what one of another currency, or of another year's money, is worth.
type Money struct {
	ID, Rate     string // EUR2020; 1.31 USD
	Date         time.Time
	Source, Note string
}

// Study is which system, years, weather; what may be built.
type Study struct {
	Name        string
	Title       string
	Year        int       // of the first day
	FirstDay    time.Time // zero where the horizon is a calendar year
	LastDay     time.Time
	Weather     int    // 0: the series' own year
	Builds      string // study whose capacities are taken, "" for none
	Offset      time.Duration
	Perspective []string
	Sectors     []string // that it takes; none: all
}
