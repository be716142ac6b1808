package main

import (
	_ "embed"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// leadersMain is the leaders' room there always is.
const leadersMain bot.RoomID = "leaders/main"

// kindOfRoom tells by its name what a room is for, "" if the name is not of a room to configure.
func kindOfRoom(id string) bot.RoomKind {
	folder, rest, _ := strings.Cut(id, "/")
	switch {
	case id == string(bot.IT):
		return bot.ITRoom
	case folder == "leaders" && plainID.MatchString(rest):
		return bot.LeadersRoom
	case folder == "dept" && plainID.MatchString(rest):
		return bot.DepartmentRoom
	}
	return ""
}

func roomKinds() []string {
	return []string{string(bot.ITRoom), string(bot.LeadersRoom), string(bot.DepartmentRoom)}
}

func (c *checker) rooms(rooms []roomConfig, pack *hospital.Pack) {
	seen := map[string]string{}
	for i := range rooms {
		r, at := &rooms[i], entryPath("rooms", i)
		kind := kindOfRoom(r.ID)
		if r.ID == "" {
			c.problem(dotted(at, "id"), "is missing", `write id = "it", "leaders/<name>" or "dept/<department>"`)
			continue
		}
		c.once(dotted(at, "id"), "room", r.ID, otherID, seen)
		if kind == "" {
			c.problem(dotted(at, "id"), fmt.Sprintf("%q cannot name a room", r.ID), `write "it", "leaders/<name>" or "dept/<department>", in small letters`)
			continue
		}
		switch {
		case r.Kind == "":
			r.Kind = string(kind)
		case !slices.Contains(roomKinds(), r.Kind):
			c.problem(dotted(at, "kind"), fmt.Sprintf("there is no kind of room %q", r.Kind), orNearest(r.Kind, roomKinds()))
		case r.Kind != string(kind):
			c.problem(dotted(at, "kind"), fmt.Sprintf("%q does not fit the id %q", r.Kind, r.ID), fmt.Sprintf("write %q, or leave it out", kind))
		}
		c.language(dotted(at, "language"), r.Language, false)
		c.roomDepartment(at, r, kind, pack)
	}
}

// roomDepartment finds out whose room it is: the id says so, unless a key does.
func (c *checker) roomDepartment(at string, r *roomConfig, kind bot.RoomKind, pack *hospital.Pack) {
	path := dotted(at, "department")
	switch {
	case kind != bot.DepartmentRoom && r.Department != "":
		c.problem(path, fmt.Sprintf("room %q belongs to no department", r.ID), "leave it out")
	case kind == bot.DepartmentRoom && r.Department == "":
		r.Department = strings.TrimPrefix(r.ID, "dept/")
		path = dotted(at, "id")
		fallthrough
	case kind == bot.DepartmentRoom:
		c.department(path, r.Department, pack)
	}
}

//go:embed rooms.toml
var standardRooms []byte

// completeRooms adds the rooms there always are: IT, the leaders', one for each department.
func (c *checker) completeRooms(rooms []roomConfig, pack *hospital.Pack) []roomConfig {
	add := func(r roomConfig) {
		if !slices.ContainsFunc(rooms, func(have roomConfig) bool { return have.ID == r.ID }) {
			rooms = append(rooms, r)
		}
	}
	standard := standardRoomConfigs()
	for _, r := range standard {
		add(r)
	}
	for _, d := range pack.Departments() {
		add(roomConfig{ID: string(bot.DepartmentRoomID(d.ID)), Kind: string(bot.DepartmentRoom), Department: string(d.ID)})
	}
	for i := range rooms {
		r := &rooms[i]
		name := eitherName(r.NameZH, r.NameEN)
		if name.ZH == "" {
			name = c.roomName(*r, standard, pack)
		}
		r.NameZH, r.NameEN = name.ZH, name.EN
	}
	return rooms
}

// roomName names a room nobody named: as the standard does, after its department, or by its id.
func (c *checker) roomName(r roomConfig, standard []roomConfig, pack *hospital.Pack) hospital.Text {
	for _, s := range standard {
		if s.ID == r.ID {
			return eitherName(s.NameZH, s.NameEN)
		}
	}
	if d, ok := pack.Department(incident.DepartmentID(r.Department)); ok {
		return d.Name
	}
	return hospital.Text{ZH: r.ID, EN: r.ID}
}

// standardRoomConfigs reads what is built in; a test holds that it can be read.
func standardRoomConfigs() []roomConfig {
	var c config
	doc, _ := parseDocument("rooms.toml", standardRooms)
	d := decoder{doc: doc}
	d.table(reflect.ValueOf(&c).Elem(), doc.values, "")
	for i := range c.Rooms {
		c.Rooms[i].Kind = string(kindOfRoom(c.Rooms[i].ID))
	}
	return c.Rooms
}
