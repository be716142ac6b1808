package adaptertest

import (
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
)

// The rooms the contract looks into.
const (
	Leaders bot.RoomID = "leaders/main"
	ED      bot.RoomID = "dept/ed"
	ICU     bot.RoomID = "dept/icu"
)

// Cast is who must be on the chat system. Accounts are set by the adapter's test. Nobody of it exists.
func Cast() []bot.Person {
	return []bot.Person{
		{ID: "lin", Name: "林岚", Lang: hospital.ZH, Department: "it", Roles: []bot.Role{bot.Coordinator}},
		{ID: "wu", Name: "吴昊", Lang: hospital.ZH, Department: "it", Roles: []bot.Role{bot.Engineer}},
		{ID: "zhou", Name: "周国栋", Lang: hospital.ZH, Department: "leaders", Roles: []bot.Role{bot.Leader}},
		{ID: "chen", Name: "陈静", Lang: hospital.ZH, Department: "ed"},
		{ID: "kate", Name: "Kate", Lang: hospital.EN, Department: "icu"},
	}
}

// Options are the hospital of the contract, but for store, platforms and log. Leaders get a digest every
// minute, so that one comes while the contract is played.
func Options(t testing.TB) bot.Options {
	t.Helper()
	pack, err := hospital.Default()
	if err != nil {
		t.Fatal(err)
	}
	rooms := []bot.Room{
		{ID: bot.IT, Kind: bot.ITRoom, Name: hospital.Text{ZH: "信息值班室", EN: "IT duty room"}},
		{ID: Leaders, Kind: bot.LeadersRoom, Name: hospital.Text{ZH: "领导群", EN: "Leaders"}},
	}
	for _, d := range pack.Departments() {
		rooms = append(rooms, bot.Room{ID: bot.DepartmentRoomID(d.ID), Kind: bot.DepartmentRoom, Name: d.Name, Department: d.ID})
	}
	return bot.Options{
		Pack: pack, Name: hospital.Text{ZH: "青河市第一人民医院", EN: "Qinghe First People's Hospital"}, Lang: hospital.ZH, Zone: time.UTC,
		Fill: map[string]string{"it_hotline": "8120"}, Rooms: rooms, People: Cast(), Settings: bot.DefaultSettings(),
		Digests: []bot.Subscription{{ID: "config/1", Room: Leaders, Cron: "* * * * *"}},
	}
}
