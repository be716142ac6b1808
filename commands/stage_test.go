package commands_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
	"wardline/storage"
	"wardline/storage/bolt"
)

// cast is the same in every transcript and scenario. Nobody in it exists.
func cast() []bot.Person {
	return []bot.Person{
		{ID: "wang", Name: "王主任", Lang: "zh", Department: "it", Roles: []bot.Role{bot.Coordinator}},
		{ID: "kate", Name: "Kate", Lang: "en", Department: "it", Roles: []bot.Role{bot.Coordinator}},
		{ID: "gao", Name: "高工", Lang: "zh", Department: "it", Roles: []bot.Role{bot.Engineer}},
		{ID: "huang", Name: "黄工", Lang: "zh", Department: "it", Roles: []bot.Role{bot.Engineer}},
		{ID: "raj", Name: "Raj", Lang: "en", Department: "it", Roles: []bot.Role{bot.Engineer}},
		{ID: "zhang", Name: "张副院长", Lang: "zh", Department: "leaders", Roles: []bot.Role{bot.Leader}},
		{ID: "helen", Name: "Helen", Lang: "en", Department: "leaders", Roles: []bot.Role{bot.Leader}},
		{ID: "med", Name: "医务处", Lang: "zh", Department: "medaff", Roles: []bot.Role{bot.Leader}},
		{ID: "sun", Name: "孙主任", Lang: "zh", Department: "nursing", Roles: []bot.Role{"nursing_lead"}, Phone: "8020"},
		{ID: "ann", Name: "Ann", Lang: "en", Department: "icu", Roles: []bot.Role{"liaison_dept"}, Phone: "8311"},
		{ID: "zheng", Name: "小郑", Lang: "zh", Department: "ward_surg"},
		{ID: "mia", Name: "Mia", Lang: "en", Department: "ward_surg"},
		{ID: "lee", Name: "Dr Lee", Lang: "en", Department: "ed"},
		{ID: "guo", Name: "郭药师", Lang: "zh", Department: "pharm_ip"},
		{ID: "sam", Name: "Sam", Lang: "en", Department: "imaging"},
		{ID: "chen", Name: "Dr Chen", Lang: "en", Department: "imaging"},
	}
}

// stage is a bot with everything but a chat system: the platform is a list of what was said.
type stage struct {
	t       *testing.T
	dir     string
	zone    *time.Location
	lang    hospital.Lang
	english map[bot.RoomID]bool // rooms that speak English in a Chinese hospital, and the reverse
	show    []bot.RoomID
	digests []bot.Subscription
	log     *slog.Logger // discards unless a test wants to read it
	absent  string       // what must be said no more, "" if anything may

	house *theatre
	said  *record
	reply commands.Reply // the last private reply, whose buttons can be pressed
	heard int
}

// theatre is what a restart replaces.
type theatre struct {
	store   *storage.Store
	desk    *bot.Desk
	hearer  *commands.Handler
	cancel  context.CancelFunc
	running sync.WaitGroup
}

func newStage(t *testing.T, dir string) *stage {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return &stage{
		t: t, dir: dir, zone: zone, lang: "zh", english: map[bot.RoomID]bool{}, log: slog.New(slog.DiscardHandler),
		said: &record{seen: map[bot.MessageID]bool{}},
	}
}

// open starts the bot on the stage's file.
func (s *stage) open() {
	s.t.Helper()
	pack, err := loadedPack()
	if err != nil {
		s.t.Fatal(err)
	}
	store, _, err := bolt.OpenStore(filepath.Join(s.dir, "wardline.db"), bolt.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	rooms := []bot.Room{
		{ID: bot.IT, Kind: bot.ITRoom, Name: hospital.Text{ZH: "信息中心", EN: "IT"}},
		{ID: "leaders/main", Kind: bot.LeadersRoom, Name: hospital.Text{ZH: "院领导", EN: "Leaders"}},
		{ID: "leaders/en", Kind: bot.LeadersRoom, Name: hospital.Text{ZH: "院领导(英文)", EN: "Leaders (English)"}, Lang: "en"},
	}
	for _, d := range pack.Departments() {
		rooms = append(rooms, bot.Room{ID: bot.DepartmentRoomID(d.ID), Kind: bot.DepartmentRoom, Name: d.Name, Department: d.ID})
	}
	for i, r := range rooms {
		if r.ID == "dept/or" {
			rooms[i].Phone = "8305"
		}
		if s.english[r.ID] {
			rooms[i].Lang = "en"
		}
	}
	fill := map[string]string{}
	for _, p := range pack.Policy().Placeholders {
		fill[p.Name] = map[string]string{"it_hotline": "8120", "duty_officer": "8000", "readonly_url": "应急电脑 / the downtime PC"}[p.Name]
	}
	desk, err := bot.New(s.t.Context(), bot.Options{
		Store: store, Pack: pack, Name: hospital.Text{ZH: "青河市第一人民医院", EN: "Qinghe First People's Hospital"}, Lang: s.lang,
		Zone: s.zone, Fill: fill, Rooms: rooms, People: cast(), Digests: s.digests, Platforms: []bot.Platform{s.said},
		Settings: bot.DefaultSettings(), Log: s.log,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.house = &theatre{store: store, desk: desk, hearer: knowing(commands.New(desk)), cancel: cancel}
	s.house.running.Go(func() {
		if err := desk.Run(ctx); err != nil {
			s.t.Errorf("the desk stopped: %v", err)
		}
	})
}

// stop ends the bot; what was stored stays.
func (s *stage) stop() {
	if s.house == nil {
		return
	}
	s.house.cancel()
	s.house.running.Wait()
	if err := s.house.store.Close(); err != nil {
		s.t.Error(err)
	}
	s.house = nil
}

// now is the hospital's clock.
func (s *stage) now() time.Time { return time.Now().In(s.zone) }

// sleepUntil lets time pass; a clock time that has passed today means tomorrow.
func (s *stage) sleepUntil(text string) {
	s.t.Helper()
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "15:04:05", "15:04"} {
		at, err := time.ParseInLocation(layout, text, s.zone)
		if err != nil {
			continue
		}
		if at.Year() == 0 {
			n := s.now()
			at = time.Date(n.Year(), n.Month(), n.Day(), at.Hour(), at.Minute(), at.Second(), 0, s.zone)
			if at.Before(n) {
				at = at.AddDate(0, 0, 1)
			}
		}
		time.Sleep(time.Until(at))
		return
	}
	s.t.Fatalf("no time: %q", text)
}

// do carries out one line of a script and returns what was said.
func (s *stage) do(line string) []string {
	s.t.Helper()
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "lang":
		s.lang = hospital.Lang(rest)
		return nil
	case "zone":
		zone, err := time.LoadLocation(rest)
		if err != nil {
			s.t.Fatal(err)
		}
		s.zone = zone
		return nil
	case "english":
		for r := range strings.FieldsSeq(rest) {
			s.english[bot.RoomID(r)] = true
		}
		return nil
	case "show":
		s.show = nil
		for r := range strings.FieldsSeq(rest) {
			s.show = append(s.show, bot.RoomID(r))
		}
		return nil
	case "absent":
		s.absent = rest
		return nil
	case "digest":
		room, cron, _ := strings.Cut(rest, " ")
		s.digests = append(s.digests, bot.Subscription{ID: "config/" + strconv.Itoa(len(s.digests)+1), Room: bot.RoomID(room), Cron: cron})
		return nil
	case "start":
		s.sleepUntil(rest)
		s.open()
		return s.settle()
	}
	out := s.act(verb, rest, line)
	if s.absent != "" && slices.ContainsFunc(out, func(said string) bool { return strings.Contains(said, s.absent) }) {
		s.t.Errorf("%q: %q is said although it must be gone:\n%s", line, s.absent, strings.Join(out, "\n"))
	}
	return out
}

func (s *stage) act(verb, rest, line string) []string {
	s.t.Helper()
	switch verb {
	case "wait":
		d, err := time.ParseDuration(rest)
		if err != nil {
			s.t.Fatal(err)
		}
		time.Sleep(d)
		return s.settle()
	case "at":
		s.sleepUntil(rest)
		return s.settle()
	case "restart":
		s.stop()
		s.open()
		return s.settle()
	case "platform":
		s.said.setDown(rest == "down")
		return nil
	case "board":
		room, ok := s.house.desk.Room(bot.RoomID(rest))
		if !ok {
			s.t.Errorf("no room %s", rest)
			return []string{"no room " + rest}
		}
		synctest.Wait()
		shown := s.said.board(room.ID)
		if now := s.house.desk.Board(room).Text; s.said.up() && shown.Text != now && !strings.Contains(line, "(stale)") && !clockOnly(shown.Text, now) {
			s.t.Errorf("the board of %s shows an old state:\n%s\nnow:\n%s", room.ID, shown.Text, now)
		}
		return indent(s.house.desk.Board(room))
	case "press":
		who, label, _ := strings.Cut(rest, ": ")
		return s.press(who, label)
	case "form":
		who, fields, _ := strings.Cut(rest, ": ")
		return s.submit(who, fields)
	}
	who, text, ok := strings.Cut(line, ": ")
	if !ok {
		s.t.Fatalf("cannot read %q", line)
	}
	return s.say(who, text, nil, "")
}

// clockOnly reports whether two boards differ only in figures that grow with the clock; a board is
// brought up to date when something happens, not every minute.
func clockOnly(a, b string) bool {
	digits := func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}
	squeeze := func(s string) string {
		s = strings.Map(digits, s)
		for strings.Contains(s, "00") {
			s = strings.ReplaceAll(s, "00", "0")
		}
		return s
	}
	return squeeze(a) == squeeze(b)
}

// say has a person say something: "wang@it: text".
func (s *stage) say(who, text string, args map[string]string, command string) []string {
	s.t.Helper()
	user, room, ok := strings.Cut(who, "@")
	if !ok {
		s.t.Fatalf("who says it where? want person@room, got %q", who)
	}
	s.heard++
	s.reply = s.house.hearer.Handle(s.t.Context(), commands.Line{
		ID: fmt.Sprintf("line-%d", s.heard), Platform: "web", User: user, Room: bot.RoomID(room),
		Text: strings.ReplaceAll(text, `\n`, "\n"), Command: command, Args: args,
	})
	out := replyLines(user, s.reply)
	return append(out, s.settle()...)
}

// press presses a button of the last reply, or of the newest message in the person's room.
func (s *stage) press(who, label string) []string {
	s.t.Helper()
	_, room, _ := strings.Cut(who, "@")
	for _, a := range append(slices.Clone(s.reply.Actions), s.said.actions(bot.RoomID(room))...) {
		if a.Label == label {
			return s.say(who, a.Line, nil, "")
		}
	}
	s.t.Errorf("no button %q for %s", label, who)
	return []string{"no button " + label}
}

// submit submits a form: "wang@it: outage declare | systems=his | what=…".
func (s *stage) submit(who, fields string) []string {
	parts := strings.Split(fields, " | ")
	args := map[string]string{}
	for _, f := range parts[1:] {
		k, v, _ := strings.Cut(f, "=")
		args[k] = strings.ReplaceAll(v, `\n`, "\n")
	}
	return s.say(who, "", args, parts[0])
}

func replyLines(user string, r commands.Reply) []string {
	mark := ""
	if r.Refused {
		mark = " ✗"
	}
	out := []string{}
	for i, l := range strings.Split(r.Text, "\n") {
		if i == 0 {
			l = "→ " + user + mark + ": " + l
		} else {
			l = "  " + l
		}
		out = append(out, l)
	}
	out = append(out, buttonLine(r.Actions)...)
	if r.Form != nil {
		var names []string
		for _, f := range r.Form.Fields {
			n := f.Label
			if f.Required {
				n += "*"
			}
			if f.Value != "" {
				n += "=" + f.Value
			}
			names = append(names, n)
		}
		out = append(out, "  {"+r.Form.Title+" | "+strings.Join(names, " | ")+"}")
	}
	return out
}

func buttonLine(actions []bot.Action) []string {
	if len(actions) == 0 {
		return nil
	}
	var labels []string
	for _, a := range actions {
		labels = append(labels, "["+a.Label+"]")
	}
	return []string{"  " + strings.Join(labels, " ")}
}

// settle waits until nothing moves and returns what was said since, room by room.
func (s *stage) settle() []string {
	synctest.Wait()
	posts := s.said.take()
	var out []string
	hidden := map[string]int{}
	for _, room := range s.show {
		for _, m := range posts {
			if m.Room == room {
				out = append(out, indent(m)...)
			}
		}
	}
	for _, m := range posts {
		if !slices.Contains(s.show, m.Room) {
			kind, _, _ := strings.Cut(string(m.Room), "/")
			hidden[kind+" "+string(m.Kind)]++
		}
	}
	var rest []string
	for k, n := range hidden {
		rest = append(rest, fmt.Sprintf("%s ×%d", k, n))
	}
	slices.Sort(rest)
	if len(rest) > 0 {
		out = append(out, "(elsewhere: "+strings.Join(rest, ", ")+")")
	}
	return out
}

func indent(m bot.Message) []string {
	head := string(m.Room) + " | " + string(m.Kind)
	if m.Level != "" {
		head += " " + m.Level
	}
	if len(m.Mention) > 0 {
		head += " @"
		for i, p := range m.Mention {
			if i > 0 {
				head += ","
			}
			head += string(p)
		}
	}
	out := []string{head}
	text := m.Text
	if m.Kind == bot.OpenRoom {
		text = m.Title + "\n" + m.Text
	}
	if text != "" {
		for l := range strings.SplitSeq(text, "\n") {
			out = append(out, "  "+l)
		}
	}
	return append(out, buttonLine(m.Actions)...)
}

// digestNow returns the leaders' digest of this moment.
func (s *stage) digestNow(lang hospital.Lang) string {
	return s.house.desk.DigestNow(lang, "leaders/main")
}
