package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// plainID is how people are named where a machine must know them. It keeps out what would be taken
// apart in addresses and in names of rooms.
var plainID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`)

func (c *checker) people(people []personConfig, pack *hospital.Pack) {
	ids, accounts := map[string]string{}, map[string]string{}
	for i, p := range people {
		at := entryPath("people", i)
		c.personID(dotted(at, "id"), p.ID, ids)
		if p.Name == "" {
			c.problem(dotted(at, "name"), "is missing", "write the name people know this person by")
		}
		c.language(dotted(at, "language"), p.Language, false)
		c.department(dotted(at, "department"), p.Department, pack)
		for j, role := range p.Roles {
			c.role(entryPath(dotted(at, "roles"), j), role, pack)
		}
		c.accounts(dotted(at, "accounts"), p.Accounts, accounts)
	}
	if !slices.ContainsFunc(people, func(p personConfig) bool { return slices.Contains(p.Roles, string(bot.Coordinator)) }) {
		c.warn("people: nobody is a coordinator, so nobody can set a level or close an outage")
	}
}

const otherID = "keep one of them, or give this one another id"

func (c *checker) personID(path, id string, seen map[string]string) {
	switch {
	case id == "":
		c.problem(path, "is missing", `write a short name of letters and digits, such as id = "zhang.wei"`)
	case !plainID.MatchString(id):
		c.problem(path, fmt.Sprintf("%q cannot name a person", id), "use small letters a-z, digits, dots and dashes, at most 40")
	case id == string(incident.Clock) || id == string(incident.Desk):
		c.problem(path, fmt.Sprintf("%q is the bot's own name", id), "choose another id")
	default:
		c.once(path, "person", id, otherID, seen)
	}
}

// once notes an id, or says where it stands already.
func (c *checker) once(path, what, id, remedy string, seen map[string]string) {
	if before, ok := seen[id]; ok {
		c.problem(path, fmt.Sprintf("%s %q stands on line %d already", what, id, c.doc.line(before)), remedy)
		return
	}
	seen[id] = path
}

func (c *checker) department(path, id string, pack *hospital.Pack) {
	if id == "" || pack == nil {
		return
	}
	if _, ok := pack.Department(incident.DepartmentID(id)); ok {
		return
	}
	// What people would rather write is the department's name: the pack knows those too.
	var known []string
	for _, d := range pack.Departments() {
		if id == d.Name.ZH || strings.EqualFold(id, d.Name.EN) {
			c.problem(path, fmt.Sprintf("%q is a department's name, not its id", id), "write "+string(d.ID))
			return
		}
		known = append(known, string(d.ID))
	}
	c.problem(path, fmt.Sprintf("there is no department %q in the hospital pack", id), orNearest(id, known))
}

// permissions are the roles that decide who may do what.
func permissions() []string {
	return []string{string(bot.Clinical), string(bot.Engineer), string(bot.Leader), string(bot.Coordinator)}
}

func (c *checker) role(path, role string, pack *hospital.Pack) {
	known := permissions()
	if pack == nil || slices.Contains(known, role) {
		return
	}
	for _, r := range pack.Policy().Roles {
		if !slices.Contains(known, string(r.ID)) {
			known = append(known, string(r.ID))
		}
	}
	if !slices.Contains(known, role) {
		c.problem(path, fmt.Sprintf("there is no role %q", role), orNearest(role, known))
	}
}

// platforms are the chat systems on which people may have accounts.
func platforms() []string { return []string{"web", "mattermost", "discord"} }

func (c *checker) accounts(path string, accounts map[string]string, seen map[string]string) {
	for _, platform := range slices.Sorted(maps.Keys(accounts)) {
		at := dotted(path, platform)
		if !slices.Contains(platforms(), platform) {
			c.problem(at, "there is no such platform", orNearest(platform, platforms()))
			continue
		}
		c.once(at, "account", platform+"/"+accounts[platform], "an account is one person's", seen)
	}
}
