#!/usr/bin/env python3
"""Writes the seeds of stateful_fuzz: whole calls, one thing going wrong in each. A choice of 0 is the usual one.

    tests/fuzz/stateful/seeds.py tests/data/stateful
"""
import pathlib
import sys

CODES = {200: 0, 180: 1, 100: 2, 183: 3, 486: 4, 487: 5, 491: 7, 481: 8, 408: 9, 401: 10, 407: 11, 503: 12, 302: 13,
         199: 14, 423: 17, 500: 19}
METHODS = {m: i for i, m in enumerate(
    "INVITE BYE ACK OPTIONS CANCEL INVITE UPDATE PRACK INFO MESSAGE REGISTER NOTIFY SUBSCRIBE REFER FOO".split())}
METHODS["INVITE"] = 0
WAITS = {1: 0, 10: 2, 200: 3, 500: 4, 1000: 5, 4000: 8, 5000: 9, 32000: 12, 64000: 14}
TARGET = {"v4": 0, "5070": 2, "v6": 3, "name": 4, "self": 5, "nowhere": 6, "icmp": 7, "two": 13}


def lines(contact=0, route=None, other=None):
    out = [3, contact] if contact else [0]
    out += [5, 0, route] if route is not None else [0]
    return out + ([5, other, 0] if other is not None else [0])


# ---- time and the wire
def wait(ms): return [6, WAITS[ms]]
def step(): return [6, 0x80]
def answer(code, to=0, tag=0, body=0, invite=True, **more):
    return [3, 0, to, CODES[code], tag] + lines(**more) + ([body, 1] if invite else []) + [0, 0]
def reply(code, to=0, tag=0, **more): return answer(code, to, tag, invite=False, **more)
def invite(body=0, same_id=False, **more):
    return [3, 4, 0, 0, 0, 0, 0, 5 if same_id else 0, 0] + [x for x in lines(**more)] + [body, 1, 0]
def request(method): return [3, 4, 1, METHODS[method], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
def in_dialog(method, callee, to=0, wrong=0, body=0, fresh_tag=False, **more):
    out = [3, 5, int(callee), to, METHODS[method]] + ([0] if callee and fresh_tag else [])
    out += ([] if method == "ACK" else [0]) + [0, 0, wrong] + lines(**more)
    return out + ([body, 1] if method in ("INVITE", "ACK", "UPDATE") else []) + [0]
def cancel(which=0): return [3, 7, which, 0, 0]
def ack(which=0, answer=0): return [3, 7, which, 1, answer, 0]
def merged(which=0): return [3, 7, which, 2, 0]
def replay(whose, which=0): return [3, 8, {"peer": 0, "requests": 2, "responses": 3}[whose], which, 0]


# ---- the API of UaCore
def call(target="v4", late=False): return [0, 0, TARGET[target], 0, 3 if late else 0, 0, 0, 0]
def ask(target="v4"): return [0, 2, 0, 0, TARGET[target]]
def media(*what): return [0, 3, *what]
LATER, NOW, DECLINE, TELL = (0,), (1,), (2,), (4, 0, 0)
def plan(what): return [0, 4, what]
def close_point(): return [0, 5, 1, 0]
def fail_send(nth=0): return [0, 5, 0, nth]
def accept(): return [0, 8, 0, 0, 0]
def ring(sdp=False): return [0, 8, 2, 0, 0, int(sdp)]
def reject(): return [0, 8, 3, 0, 0]
def hang_up(): return [0, 8, 4, 0]
def hold(on=True): return [0, 8, 5, 0, int(on)]
def reinvite(late=False): return [0, 8, 6, 0, int(late)]
def abandon(): return [0, 8, 7, 0, 3]


# ---- the API of UserAgent
def ua_call(target="v4"): return [0, 0, 0, 0, 0, 0, TARGET[target], 0]
def ua_account(aor=0): return [0, 2, 0, aor, 60, 0]
def ua_register(verb=1): return [0, 2, 0, verb] if verb else []
def ua_answer(): return [0, 12, 0, 0]
def ua_ring(): return [0, 12, 2, 0, 0, 1]
def ua_reject(): return [0, 12, 3, 0, 0]
def ua_hang_up(): return [0, 16, 0, 0]
def ua_hold(): return [0, 16, 2, 0]
def ua_resume(): return [0, 16, 3, 0]
def ua_options(): return [0, 6, 0]
def ua_next(): return [0, 7, 0, 0]
def ua_next_call(): return [0, 7, 3]
def ua_shutdown(): return [0, 9, 5, 30]
def ua_destroy(): return [0, 10, 7]


def seq(*parts): return [b for part in parts for b in part]


out_up = seq(call(), wait(10), answer(180), wait(10), answer(200), wait(10))
in_up = seq(invite(), wait(10), ring(), accept(), wait(10), in_dialog("ACK", False), wait(10))
ua_out = seq(ua_call(), wait(10), answer(180), wait(10), answer(200), wait(10))
ua_in = seq(invite(), wait(10), ua_ring(), ua_answer(), wait(10), in_dialog("ACK", False), wait(10))
core = {
    "out_hang_up": seq(out_up, hang_up(), wait(10), reply(200), wait(10)),
    "out_peer_bye": seq(out_up, in_dialog("BYE", True, 0), wait(10)),
    "out_2xx_copies": seq(out_up, replay("peer"), wait(10), replay("peer"), wait(10), hang_up(), wait(10), replay("peer", 0)),
    "out_forks": seq(call(), wait(10), answer(180, tag=0), answer(180, tag=2), answer(183, tag=3), wait(10), answer(200, tag=2), wait(10),
                     answer(200, to=1, tag=3), wait(10), answer(200, to=3, tag=0), wait(500)),
    "out_late_fork": seq(out_up, hang_up(), wait(10), reply(200), wait(10), answer(200, to=2, tag=2), wait(500)),
    "out_late_offer": seq(call(late=True), wait(10), answer(200), wait(10), hang_up(), wait(10), reply(200)),
    "out_late_offer_media_later": seq(media(*LATER), call(late=True), wait(10), answer(200), wait(500), replay("peer"), wait(10), media(*TELL), wait(10)),
    "out_late_offer_media_never": seq(media(*LATER), call(late=True), wait(10), answer(200), wait(64000)),
    "out_cancel_before_1xx": seq(call(), hang_up(), wait(500), answer(100), wait(10), reply(200), answer(487, to=1), wait(10)),
    "out_cancel_crosses_2xx": seq(call(), wait(10), answer(180), wait(10), hang_up(), answer(200, to=0), wait(10), reply(200), wait(500)),
    "out_cancel_unanswered": seq(call(), wait(10), answer(180), wait(10), hang_up(), wait(64000)),
    "out_challenged": seq(call(), wait(10), answer(401, other=5), wait(10), answer(407, other=6), wait(10)),
    "out_redirected": seq(call(), wait(10), answer(302), wait(10)),
    "out_503_next": seq(call("two"), wait(10), answer(503), wait(10), answer(200), wait(10)),
    "out_unreachable": seq(call("icmp"), wait(500), call("nowhere"), wait(500)),
    "out_timeout": seq(call(), wait(32000), wait(1)),
    "out_hold": seq(out_up, hold(), wait(10), answer(200, body=4), wait(10), hold(False), wait(10), answer(491), wait(4000), answer(200), wait(10)),
    "out_reinvite_481": seq(out_up, reinvite(), wait(10), answer(481), wait(10), reply(200), wait(10)),
    "out_reinvite_timeout": seq(out_up, reinvite(True), wait(64000)),
    "out_reinvite_late": seq(out_up, reinvite(True), wait(10), answer(200), wait(10)),
    "out_reinvite_hang_up": seq(out_up, reinvite(), wait(10), answer(180), hang_up(), wait(10), answer(200, to=1), wait(500)),
    "out_no_sdp": seq(call(), wait(10), answer(200, body=12), wait(500)),
    "out_strange_contacts": seq(call(), wait(10), answer(200, contact=7), wait(10), hang_up(), wait(500)),
    "out_routes": seq(call(), wait(10), answer(200, route=1), wait(10), hang_up(), wait(500)),
    "out_fail_send": seq(fail_send(), call(), wait(500)),
    "out_point_closed": seq(out_up, hold(), close_point(), wait(500)),
    "out_destroy_in_handler": seq(plan(1), call(), wait(10), answer(180), wait(10)),
    "out_destroy_in_end": seq(plan(0), plan(1), call(), wait(10), answer(180), wait(10), answer(486), wait(10)),
    "out_self": seq(call("self"), wait(10), accept(), wait(10), hang_up(), wait(500)),
    "out_reflected": seq(call(), wait(10), replay("requests"), wait(10), replay("responses"), wait(10)),
    "in_peer_bye": seq(in_up, in_dialog("BYE", False), wait(10)),
    "in_hang_up": seq(in_up, hang_up(), wait(10), reply(200), wait(10)),
    "in_cancel": seq(invite(), wait(10), ring(), cancel(), wait(10), ack(), wait(10)),
    "in_reject": seq(invite(), wait(10), reject(), wait(500), ack(), wait(10)),
    "in_reject_no_ack": seq(invite(), wait(10), reject(), wait(64000)),
    "in_no_ack": seq(invite(), wait(10), accept(), wait(64000)),
    "in_hang_up_before_ack": seq(invite(), wait(10), accept(), hang_up(), wait(10), in_dialog("ACK", False), wait(10), reply(200), wait(10)),
    "in_bye_before_ack": seq(invite(), wait(10), accept(), wait(10), in_dialog("BYE", False), wait(10)),
    "in_copies": seq(invite(), wait(10), replay("peer"), ring(), replay("peer"), wait(10), accept(), replay("peer"), wait(10), ack(), wait(10)),
    "in_merged": seq(invite(), merged(), wait(10), accept(), wait(10)),
    "in_late_offer": seq(invite(12), wait(10), accept(), wait(10), in_dialog("ACK", False), wait(10), hang_up(), wait(10)),
    "in_late_offer_no_answer": seq(invite(12), wait(10), accept(), wait(10), in_dialog("ACK", False, body=12), wait(500)),
    "in_media_later": seq(media(*LATER), invite(), wait(10), ring(True), wait(500), media(*TELL), accept(), wait(10), cancel(), wait(10)),
    "in_media_later_cancel": seq(media(*LATER), invite(), wait(10), accept(), cancel(), wait(10), media(*TELL), wait(10)),
    "in_media_declines": seq(media(*DECLINE), invite(), wait(10), accept(), wait(500)),
    "in_reinvite": seq(in_up, in_dialog("INVITE", False, body=1), wait(10), in_dialog("ACK", False), wait(10), in_dialog("INVITE", False, body=12), wait(10),
                       in_dialog("ACK", False), wait(10)),
    "in_reinvite_no_ack": seq(in_up, in_dialog("INVITE", False), wait(64000)),
    "in_reinvite_cancel": seq(in_up, media(*LATER), in_dialog("INVITE", False), wait(10), cancel(), wait(10), media(*TELL), wait(10), hang_up()),
    "in_reinvite_two": seq(in_up, media(*LATER), in_dialog("INVITE", False), in_dialog("INVITE", False), wait(10), media(*TELL), wait(10), hang_up()),
    "in_glare": seq(in_up, hold(), in_dialog("INVITE", False), wait(10), answer(491, to=0), wait(4000), answer(200), wait(10)),
    "in_requests": seq(in_up, in_dialog("OPTIONS", False), in_dialog("INFO", False), in_dialog("UPDATE", False), in_dialog("PRACK", False), wait(10)),
    "in_wrong_tags": seq(in_up, in_dialog("BYE", False, wrong=3), in_dialog("BYE", False, wrong=4), in_dialog("BYE", False, wrong=1), wait(10)),
    "in_abandon": seq(invite(), wait(10), abandon(), wait(10)),
    "in_destroy_in_handler": seq(plan(1), invite(), wait(10)),
    "in_answer_and_hang_up_in_handler": seq(plan(12), invite(), wait(10), in_dialog("ACK", False), wait(500)),
    "requests": seq(ask(), wait(10), reply(200), wait(10), ask(), plan(1), wait(10), reply(200), request("OPTIONS"), request("MESSAGE"), request("FOO"), wait(10)),
}
agent = {
    "out": seq(ua_out, ua_hold(), wait(10), answer(200), wait(10), ua_resume(), wait(10), answer(200), wait(10), ua_hang_up(), wait(10), reply(200)),
    "out_cancel": seq(ua_call(), wait(10), answer(180), wait(10), ua_hang_up(), wait(10), reply(200), answer(487, to=1), wait(10)),
    "out_next": seq(ua_call(), ua_next(), wait(10), answer(180), wait(10), ua_next(), answer(200), wait(10), ua_next(), ua_hang_up(), wait(10), reply(200)),
    "in": seq(ua_in, in_dialog("INVITE", False, body=2), wait(10), in_dialog("ACK", False), wait(10), in_dialog("BYE", False), wait(10)),
    "in_reject": seq(invite(), wait(10), ua_reject(), wait(10), ack(), wait(10)),
    "in_destroy": seq(ua_in, plan(1), in_dialog("BYE", False), wait(10)),
    "register": seq(ua_account(), ua_register(), wait(10), reply(401, other=5), wait(10), reply(200), wait(64000), reply(200), ua_register(3), wait(10), reply(200)),
    "register_423": seq(ua_account(), ua_register(2), wait(10), reply(423, other=4), wait(10), reply(500), wait(64000), ua_register(5)),
    "options": seq(ua_options(), wait(10), reply(200), wait(10), ua_options(), ua_destroy()),
    "shutdown": seq(ua_out, ua_account(), ua_register(), ua_shutdown(), wait(64000)),
    "next_call": seq(ua_next_call(), invite(), wait(10), ua_answer(), wait(10), in_dialog("ACK", False), ua_shutdown(), wait(10), reply(200), wait(10)),
}

if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in core.items():
        (folder / f"core_{name}").write_bytes(bytes([0, 0] + body))
    for name, body in agent.items():
        (folder / f"agent_{name}").write_bytes(bytes([0x80, 0] + body))
    for flag in (1, 2, 4, 8, 16, 32, 64, 128 - 64 - 32):  # small limits, no automatic 100, strict, hooks; a bad network
        (folder / f"limits_{flag}").write_bytes(bytes([flag, 7] + core["in_reinvite"] + core["out_forks"]))
