package incident

import (
	"encoding/json"
	"fmt"
)

// Kinds lists every kind of event there is. A kind is never renamed; a new one is added at the end.
func Kinds() []Kind {
	return []Kind{
		"declared", "told", "fact_set", "cause_set", "eta_set", "eta_slipped", "scope_set", "impact_seen",
		"reported", "level_set", "level_proposed", "engineer_moved", "progressed", "change_noted", "role_given",
		"update_given", "need_raised", "need_met", "test_asked", "test_answered", "decision_asked",
		"decision_given", "decision_overdue", "question_asked", "question_answered", "question_waits",
		"restored", "watch_ended", "reopened", "closed", "cancelled", "struck", "no_change", "stale",
		"ward_saw", "acknowledged", "supply_requested", "silence_chased", "script_read", "script_waits", "visit_claimed", "visit_dropped",
		"visit_arrived", "visit_reported", "visit_overdue", "feedback_given", "question_assigned", "question_merged",
		"joined", "start_corrected",
	}
}

// EncodeBody returns the wire form of an event's body: JSON. The bytes are stored and hashed as they
// are. A Blanked body has no wire form of its own; the store keeps it as a mark.
func EncodeBody(b Body) ([]byte, error) {
	data, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encode event %s: %w", b.Kind(), err)
	}
	return data, nil
}

// DecodeBody reads the wire form of a kind. An unknown kind is an error: the log was written by a newer
// version.
func DecodeBody(k Kind, data []byte) (Body, error) {
	decode, ok := decoders[k]
	if !ok {
		return nil, fmt.Errorf("decode event: unknown kind %q, written by a newer version", k)
	}
	b, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("decode event %s: %w", k, err)
	}
	return b, nil
}

type decoder func([]byte) (Body, error)

func as[T Body](data []byte) (Body, error) {
	var b T
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, err
	}
	return b, nil
}

// decoders has one entry for every one of Kinds.
var decoders = map[Kind]decoder{
	"declared": as[Declared], "told": as[Told], "fact_set": as[FactSet], "cause_set": as[CauseSet],
	"eta_set": as[ETASet], "eta_slipped": as[ETASlipped], "scope_set": as[ScopeSet],
	"impact_seen": as[ImpactSeen], "reported": as[Reported], "level_set": as[LevelSet],
	"level_proposed": as[LevelProposed], "engineer_moved": as[EngineerMoved], "progressed": as[Progressed],
	"change_noted": as[ChangeNoted], "role_given": as[RoleGiven], "update_given": as[UpdateGiven],
	"need_raised": as[NeedRaised], "need_met": as[NeedMet], "test_asked": as[TestAsked],
	"test_answered": as[TestAnswered], "decision_asked": as[DecisionAsked], "decision_given": as[DecisionGiven],
	"decision_overdue": as[DecisionOverdue], "question_asked": as[QuestionAsked],
	"question_answered": as[QuestionAnswered], "question_waits": as[QuestionWaits], "restored": as[SystemsRestored],
	"watch_ended": as[WatchEnded], "reopened": as[Reopened], "closed": as[Ended], "cancelled": as[CalledOff],
	"struck": as[Struck], "no_change": as[NoChange], "stale": as[Stale],
	"ward_saw": as[WardSaw], "acknowledged": as[Acknowledged], "supply_requested": as[SupplyRequested],
	"silence_chased": as[SilenceChased], "script_read": as[ScriptRead], "script_waits": as[ScriptWaits],
	"visit_claimed": as[VisitClaimed], "visit_dropped": as[VisitDropped], "visit_arrived": as[VisitArrived],
	"visit_reported": as[VisitReported], "visit_overdue": as[VisitOverdue], "feedback_given": as[FeedbackGiven],
	"question_assigned": as[QuestionAssigned], "question_merged": as[QuestionMerged],
	"joined": as[Joined], "start_corrected": as[StartCorrected],
}
