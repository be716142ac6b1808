package web

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
)

// name is a text in every language on the wire.
type name struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

func nameOf(t hospital.Text) name { return name{t.ZH, t.EN} }

// shownPerson is a person as a page gets them.
type shownPerson struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Role       string `json:"role"`
	Lang       string `json:"lang"`
	Department *name  `json:"department,omitempty"`
}

// shownRoom is a room as a page gets it.
type shownRoom struct {
	ID     string   `json:"id"`
	Kind   string   `json:"kind"`
	Name   name     `json:"name"`
	Lang   string   `json:"lang"`
	Phone  string   `json:"phone"`
	About  string   `json:"about"`
	Closed bool     `json:"closed"`
	Mine   bool     `json:"mine"`  // the person's own department
	News   []uint64 `json:"news"`  // ids of the newest posts of others
	Print  string   `json:"print"` // address of what can be printed for it
}

// start tells a page where it is, who sits before it and, in a demo, who there is to be.
func (s *Server) start(w http.ResponseWriter, r *http.Request) {
	began := struct {
		Boot     string        `json:"boot"`
		Head     uint64        `json:"head"`
		Commit   string        `json:"commit"`
		Hospital name          `json:"hospital"`
		Lang     string        `json:"lang"`
		Today    string        `json:"today"`
		Demo     bool          `json:"demo"`
		Me       *shownPerson  `json:"me"`
		People   []shownPerson `json:"people"`
	}{
		Boot: s.boot, Head: s.diary.newest(), Commit: s.config.Commit, Hospital: nameOf(s.config.Hospital),
		Lang: string(s.config.Lang), Today: time.Now().In(s.config.Zone).Format(time.DateOnly), Demo: s.config.Demo,
	}
	if p, ok := s.person(r); ok {
		me := s.showPerson(p)
		began.Me = &me
	}
	if s.config.Demo {
		for _, p := range s.desk.People() {
			began.People = append(began.People, s.showPerson(p))
		}
	}
	s.answer(w, r, http.StatusOK, began)
}

func (s *Server) showPerson(p bot.Person) shownPerson {
	shown := shownPerson{ID: string(p.ID), Name: p.Name, Lang: string(p.Lang), Role: string(bot.Clinical)}
	for _, role := range []bot.Role{bot.Coordinator, bot.Engineer, bot.Leader} {
		if p.Has(role) {
			shown.Role = string(role)
			break
		}
	}
	if p.Department == "" {
		return shown
	}
	for _, room := range s.desk.Rooms(p) {
		if room.ID == bot.DepartmentRoomID(p.Department) {
			department := nameOf(room.Name)
			shown.Department = &department
		}
	}
	return shown
}

// roomsOf lists what a person may see: the desk's rooms and their own with the bot.
func (s *Server) roomsOf(p bot.Person) []bot.Room {
	rooms := s.desk.Rooms(p)
	own := bot.DirectRoomID(p.ID)
	if slices.ContainsFunc(rooms, func(r bot.Room) bool { return r.ID == own }) {
		return rooms
	}
	direct := bot.Room{ID: own, Kind: bot.DirectRoom, Lang: p.Lang, Name: hospital.Text{
		ZH: s.words.say(hospital.ZH, "room.direct"), EN: s.words.say(hospital.EN, "room.direct"),
	}}
	return append(slices.Clone(rooms), direct)
}

// visible is roomsOf as a set.
func (s *Server) visible(p bot.Person) map[bot.RoomID]bool {
	open := make(map[bot.RoomID]bool)
	for _, r := range s.roomsOf(p) {
		open[r.ID] = true
	}
	return open
}

// pastRooms is how many closed incident rooms a page gets unless it asks for all of them.
const pastRooms = 20

// rooms lists the rooms of a person with their news, and how many past ones it left out.
func (s *Server) rooms(w http.ResponseWriter, r *http.Request, p bot.Person) {
	list := []shownRoom{}
	past, older := 0, 0
	all := r.URL.Query().Get("past") == "all"
	for _, room := range s.roomsOf(p) {
		record, err := s.diary.room(r.Context(), room.ID)
		if err != nil {
			s.broken(w, r, "list rooms", err)
			return
		}
		if room.Kind == bot.IncidentRoom && !record.Closed.IsZero() {
			if past++; past > pastRooms && !all {
				older++
				continue
			}
		}
		latest, err := s.diary.latest(r.Context(), room.ID)
		if err != nil {
			s.broken(w, r, "list rooms", err)
			return
		}
		shown := shownRoom{
			ID: string(room.ID), Kind: string(room.Kind), Name: nameOf(room.Name), Lang: string(room.Lang),
			Phone: room.Phone, About: record.About, Closed: !record.Closed.IsZero(),
			Mine: room.Department != "" && room.Department == p.Department, News: []uint64{}, Print: sheetOf(room),
		}
		for _, g := range latest {
			if g.author != p.ID {
				shown.News = append(shown.News, g.id)
			}
		}
		list = append(list, shown)
	}
	s.answer(w, r, http.StatusOK, map[string]any{"rooms": list, "older": older})
}

// Posts of one page of history.
const (
	pageful    = 60
	pagefulMax = 200
)

// posts returns what was last said in a room, or before a post, and the room's board.
func (s *Server) posts(w http.ResponseWriter, r *http.Request, p bot.Person) {
	room := bot.RoomID(r.URL.Query().Get("room"))
	if !s.visible(p)[room] {
		s.fail(w, r, http.StatusNotFound, "no_room")
		return
	}
	before, _ := strconv.ParseUint(r.URL.Query().Get("before"), 10, 64) // 0 = from the newest
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	if limit < 1 || limit > pagefulMax {
		limit = pageful
	}
	posts, more, err := s.diary.history(r.Context(), room, p.ID, before, limit)
	if err != nil {
		s.broken(w, r, "read history", err)
		return
	}
	pinned, err := s.diary.pinned(r.Context(), room)
	if err != nil {
		s.broken(w, r, "read boards", err)
		return
	}
	s.answer(w, r, http.StatusOK, map[string]any{
		"posts": s.showAll(posts, p), "pinned": s.showAll(pinned, p), "more": more,
	})
}

func (s *Server) showAll(posts []post, p bot.Person) []shownPost {
	shown := []shownPost{}
	for _, post := range posts {
		shown = append(shown, post.show(p.ID, s.config.Zone))
	}
	return shown
}

// complete helps with a command that is being typed.
func (s *Server) complete(w http.ResponseWriter, r *http.Request, p bot.Person) {
	var said saying
	if !s.read(w, r, &said) {
		return
	}
	if wait := s.limits.wait("type/"+user(p), typeBurst, typePace, time.Now()); wait > 0 {
		s.slowDown(w, r, wait)
		return
	}
	if !s.visible(p)[said.Room] {
		s.fail(w, r, http.StatusNotFound, "no_room")
		return
	}
	found := s.hearer.Complete(r.Context(), commands.Line{
		Platform: platform, User: user(p), Name: p.Name, Locale: locale(s.lang(r)), Room: said.Room, Text: said.Text,
	})
	s.answer(w, r, http.StatusOK, map[string]any{"suggestions": suggestionsOf(found)})
}

// tell answers a person with what became of what they said.
func (s *Server) tell(w http.ResponseWriter, r *http.Request, p bot.Person, done outcome) {
	s.answer(w, r, http.StatusOK, struct {
		Text    string      `json:"text"`
		Lang    string      `json:"lang"`
		Refused bool        `json:"refused"`
		Form    *form       `json:"form"`
		Actions []action    `json:"actions"`
		Posts   []shownPost `json:"posts"`
	}{done.Text, done.Lang, done.Refused, done.Form, done.Actions, s.showAll(done.Posts, p)})
}

// slowDown asks a person, or their script, to wait.
func (s *Server) slowDown(w http.ResponseWriter, r *http.Request, wait time.Duration) {
	seconds := int(math.Ceil(wait.Seconds()))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	s.answer(w, r, http.StatusTooManyRequests, fault{
		Code: "too_fast", Error: s.words.say(s.lang(r), "error.too_fast"), Wait: seconds,
	})
}
