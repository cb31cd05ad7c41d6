#include "wire.hpp"

#include <cstring>

namespace stateful {

using namespace peal;

namespace {

constexpr int codes[] = {200, 180, 100, 183, 486, 487, 200, 491, 481, 408, 401, 407,
                         503, 302, 199, 202, 299, 423, 488, 500, 600, 699, 101, 420};
constexpr const char* methods[] = {"INVITE", "BYE",     "ACK",      "OPTIONS", "CANCEL",    "INVITE", "UPDATE", "PRACK",
                                   "INFO",   "MESSAGE", "REGISTER", "NOTIFY",  "SUBSCRIBE", "REFER",  "FOO",    "BYE"};
constexpr const char* contacts[] = {"<sip:p@192.0.2.2:5060>",
                                    "<sip:p@192.0.2.2:5060>",
                                    "<sip:p@192.0.2.2:5070>",
                                    "<sip:p@[2001:db8::2]>",
                                    "<sip:p@peer.test>",
                                    "<sip:p@nowhere.invalid>",
                                    "<sip:p@192.0.2.1>",
                                    "<sips:p@192.0.2.2>",
                                    "<sip:p@192.0.2.2;transport=tcp>",
                                    "*",
                                    "<tel:+1>",
                                    "<sip:p@198.51.100.9>",
                                    "<sip:p@192.0.2.2;maddr=192.0.2.1>",
                                    "<sip:p@192.0.2.2>, <sip:q@192.0.2.2>",
                                    "sip:p@192.0.2.2;expires=1",
                                    "<sip:p@0.0.0.0>",
                                    "<sip:p@192.0.2.2?Route=%3csip:x%3e&body=y>",
                                    "<mailto:a@b>",
                                    "<sip:>",
                                    ""};
constexpr const char* routes[] = {"<sip:192.0.2.2:5070;lr>",
                                  "<sip:192.0.2.2:5070>",
                                  "<sip:192.0.2.1;lr>",
                                  "<sip:nowhere.invalid;lr>",
                                  "<sip:peer.test;lr>, <sip:192.0.2.2;lr>",
                                  "<sip:[2001:db8::2];lr>;x=\"a,b\"",
                                  "<bad",
                                  "<sip:192.0.2.2;lr;transport=tls>"};
constexpr const char* other_lines[] = {
    "Require: 100rel",
    "Supported: 100rel, timer, replaces",
    "Retry-After: 1",
    "Expires: 0",
    "Min-Expires: 7200",
    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth,auth-int\"",
    "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n2\", algorithm=SHA-256",
    "Content-Encoding: gzip",
    "Reason: SIP;cause=200;text=\"x\"",
    "Authorization: Digest username=\"a\"",
    "Replaces: a;to-tag=b;from-tag=c",
    "Content-Disposition: render;handling=optional",
    "RSeq: 1",
    "Event: presence",
    "Timestamp: 1.5",
    "Max-Forwards: 0",
    "To: <sip:second@example.com>",
    "CSeq: 7 INVITE",
    "Contact: <sip:third@192.0.2.2>",
    "Subject: =?bad\x01"};

std::string sdp(Bytes& in, const char* direction, const char* address) {
  std::string out = "v=0\r\no=- 1 " + std::to_string(in.u8()) + " IN IP4 192.0.2.2\r\ns=-\r\nc=IN ";
  out += std::strchr(address, ':') == nullptr ? "IP4 " : "IP6 ";
  return out + address + "\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\na=" + direction + "\r\n";
}

std::string uri_in(std::string_view name_addr) {
  const auto open = name_addr.find('<');
  const auto close = name_addr.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return "sip:a@192.0.2.1";
  return std::string(name_addr.substr(open + 1, close - open - 1));
}

std::string without_params(std::string value) {
  if (const auto at = value.find(";tag="); at != std::string::npos) value.erase(at);
  return value;
}

}  // namespace

Wire::Wire(sim::Simulator& sim, sim::Host& subject, sim::Host& peer) : subject_(subject) {
  const auto v4 = peer.addresses()[0], v6 = peer.addresses()[1];
  const Endpoint at[] = {{v4, 5060}, {v4, 5070}, {v6, 5060}};
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    peers_[i] = std::make_unique<sim::RawPeer>(sim, peer, at[i]);
    peers_[i]->on("", [](sim::RawPeer&, const sim::RawMessage&) {});  // `see` has heard it
  }
}

bool Wire::from_subject(const Endpoint& endpoint) const {
  return endpoint.address == subject_.addresses()[0] || endpoint.address == subject_.addresses()[1];
}

void Wire::keep(std::deque<std::string>& where, std::string_view text) {
  if (where.size() == kept) where.pop_front();
  where.emplace_back(text);
}

const std::string* Wire::choose(Bytes& in, const std::deque<std::string>& from) const {
  return from.empty() ? nullptr : &from[from.size() - 1 - in.below(from.size())];
}

// ---- what the user agent says

void Wire::see(const sim::WireEvent& event) {
  if (shown())
    show(std::to_string(static_cast<double>(event.time.time_since_epoch().count()) / 1e9 - 3600) + " " +
             std::string(name_of(event.fate)) + " " + event.from.to_string() + " > " + event.to.to_string() + "\n",
         event.bytes);
  if (event.fate == sim::Fate::delivered && from_subject(event.to)) ++to_subject_;
  if (event.fate != sim::Fate::sent || !from_subject(event.from)) return;
  ++by_subject_;
  Stats::count(std::string("sent ") +
               std::string(event.bytes.substr(0, event.bytes.starts_with("SIP/") ? 11 : event.bytes.find(' '))));
  judge(event.bytes);
  keep(event.bytes.starts_with("SIP/") ? responses_ : requests_, event.bytes);
}

void Wire::judge(std::string_view bytes) {
  std::string copy(bytes);
  copy.append(Parser::padding, '\0');
  const auto parsed = parser_.parse(copy.data(), bytes.size());
  if (!bytes.starts_with("SIP/")) {
    if (parsed != Parsed::request && lenient_said_) {  // a tag that only a lenient reader takes comes back as it came
      copy.assign(bytes).append(Parser::padding, '\0');
      must(lenient_parser_.parse(copy.data(), bytes.size()) == Parsed::request, "a request that nobody would take",
           bytes);
      return judge_request(lenient_parser_.request(), bytes);
    }
    must(parsed == Parsed::request, "a request of ours that we would not take", bytes);
    return judge_request(parser_.request(), bytes);
  }
  if (parsed == Parsed::response) return;
  must(lenient_said_, "a response of ours that we would not take, and nothing bad was said", bytes);
  // It repeats what was bad: but it must still be lines, and end.
  must(bytes.find("\r\n\r\n") != std::string_view::npos, "a response without an end", bytes);
  must(parsed != Parsed::keep_alive && parsed != Parsed::request && parsed != Parsed::bad_request, "no response",
       bytes);
}

void Wire::judge_request(const Request& request, std::string_view bytes) {
  const auto via = request.top_via();
  must(via.has_magic_cookie() && via.branch().size() > 7, "no branch of ours", bytes);
  must(via.host() == "192.0.2.1" || via.host() == "[2001:db8::1]" || via.host() == "2001:db8::1", "no sent-by of ours",
       bytes);
  must(!request.from_tag().empty(), "no From tag", bytes);
  must(request.has(header::max_forwards), "no Max-Forwards", bytes);
  must(request.cseq().method == request.method(), "CSeq of another method", bytes);
  if (request.method() == method::invite || request.method() == method::register_)
    must(request.has(header::contact), "no Contact", bytes);
  if (request.method() == method::ack || request.method() == method::bye)
    must(request.method() != method::bye || !request.call_id().empty(), "no Call-ID", bytes);
}

// ---- what the other side says

void Wire::act(Bytes& in) {
  switch (in.below(12)) {
    case 0:
    case 1:
    case 2:
    case 3: return answer(in);
    case 4: return new_request(in);
    case 5:
    case 6: return in_dialog(in);
    case 7: return follow_up(in);
    case 8: return replay(in);
    case 9: return damaged(in);
    case 10: return raw(in);
    default: return huge(in);
  }
}

void Wire::send(Bytes& in, std::string text) {
  std::string copy = text;
  copy.append(Parser::padding, '\0');
  const auto parsed = parser_.parse(copy.data(), text.size());
  if (parsed != Parsed::request && parsed != Parsed::response) lenient_said_ = true;
  Stats::count("received " + (parsed == Parsed::request    ? sim::method_of(text)
                              : parsed == Parsed::response ? std::to_string(sim::status_of(text))
                                                           : std::string("what is bad")));
  keep(sent_, text);
  const auto which = in.one_in(8) ? in.below(peers_.size()) : 0;
  peers_[which]->send(text, {subject_.addresses()[which == 2 ? 1 : 0], 5060});
}

std::string Wire::via(Bytes& in) {
  static constexpr const char* const others[] = {
      "SIP/2.0/UDP 192.0.2.2:5060",
      "SIP/2.0/UDP 192.0.2.2:5070;rport;branch=z9hG4bKsame",
      "SIP/2.0/UDP nowhere.invalid;branch=z9hG4bKname",
      "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKself",
      "SIP/2.0/TCP 192.0.2.2:5060;branch=z9hG4bKtcp",
      "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKtwo, SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKunder",
      "SIP/2.0/UDP 192.0.2.2;maddr=192.0.2.1;branch=z9hG4bKmaddr",
      "SIP/2.0/UDP [2001:db8::2];branch=z9hG4bKsix;received=192.0.2.9;rport=9"};
  if (in.one_in(8)) return in.pick(others);
  return "SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bKb" + std::to_string(++branches_);
}

void Wire::add_lines(Bytes& in, std::vector<std::string>& lines, bool response) {
  const std::string contact = in.one_in(4) ? in.pick(contacts) : contacts[0];
  if (!contact.empty()) lines.push_back("Contact: " + contact);
  if (in.one_in(6)) lines.push_back(std::string(response || in.odd() ? "Record-Route: " : "Route: ") + in.pick(routes));
  for (int i = 0; i < 3 && in.one_in(6); ++i) lines.emplace_back(in.pick(other_lines));
}

void Wire::add_body(Bytes& in, std::string& type, std::string& body) {
  type = "application/sdp";
  switch (in.below(16)) {
    case 1: body = sdp(in, "sendonly", "192.0.2.2"); return;
    case 2: body = sdp(in, "inactive", "192.0.2.2"); return;
    case 3: body = sdp(in, "sendrecv", "0.0.0.0"); return;
    case 4: body = sdp(in, "recvonly", "2001:db8::2"); return;
    case 5: body = "v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\nt=0 0\r\n"; return;  // no media
    case 6: body = sdp(in, "sendrecv", "192.0.2.2") + "m=video 0 RTP/AVP 99\r\nm=audio 4002 RTP/AVP 0\r\n"; return;
    case 7:
      body = "v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 99\r\n";
      return;
    case 8: body = "no sdp"; return;
    case 9:
      type = "text/plain";
      body = "hello";
      return;
    case 10:
      type = "multipart/mixed;boundary=b";
      body = "--b\r\nContent-Type: application/sdp\r\n\r\n" + sdp(in, "sendrecv", "192.0.2.2") + "\r\n--b--\r\n";
      return;
    case 11:
      type.clear();
      body = in.take(in.u8());
      return;
    case 12:
    case 13: type.clear(); return;  // none
    default: body = sdp(in, "sendrecv", "192.0.2.2"); return;
  }
}

/// To one of its requests, the latest most likely.
void Wire::answer(Bytes& in) {
  const auto* request = choose(in, requests_);
  if (request == nullptr) return new_request(in);
  sim::Answer a;
  a.code = in.pick(codes);
  static constexpr const char* const tags[] = {"t1", "t1", "t2", "t3", "", "\xff", "a b"};
  a.to_tag = in.pick(tags);
  add_lines(in, a.lines, true);
  if (sim::method_of(*request) == "INVITE") add_body(in, a.content_type, a.body);
  auto text = sim::answer_to(*request, a);
  if (in.one_in(12))  // another method or number in CSeq, another branch, another To tag
    if (const auto at = text.find(in.pick({"CSeq: ", "branch=", "tag="})); at != std::string::npos)
      text[at + 6 + in.below(8)] = static_cast<char>(in.u8());
  send(in, std::move(text));
}

void Wire::new_request(Bytes& in) {
  sim::Ask ask;
  ask.method = in.odd() ? in.pick(methods) : "INVITE";
  static constexpr const char* const uris[] = {
      "sip:ua@192.0.2.1", "sip:ua@192.0.2.1",  "sip:ua@[2001:db8::1]",    "tel:+1",
      "foo:bar",          "sips:ua@192.0.2.1", "sip:other@example.com;lr"};
  ask.uri = in.pick(uris);
  ask.via = via(in);
  static constexpr const char* const froms[] = {"<sip:p@example.com>;tag=f1", "<sip:p@example.com>;tag=f2",
                                                "<sip:p@example.com>",        "\"P\" <sip:p@192.0.2.2>;tag=f3",
                                                "sip:p@example.com;tag=f4",   "<tel:+1>;tag=f5"};
  ask.from = in.pick(froms);
  ask.to = in.one_in(8) ? "<sip:ua@example.com>;tag=unknown" : "<sip:ua@example.com>";
  ask.call_id = in.one_in(6) ? "call1@192.0.2.2" : "call" + std::to_string(++calls_) + "@192.0.2.2";
  ask.cseq = in.one_in(8) ? 0x7fffffffU + in.u8() : ++cseq_;
  add_lines(in, ask.lines, false);
  if (ask.method == "INVITE") add_body(in, ask.content_type, ask.body);
  send(in, sim::request_text(ask));
}

/// A request of the peer's within a dialog that it knows of by something that was said.
void Wire::in_dialog(Bytes& in) {
  const bool callee = in.odd();
  const auto* known = choose(in, callee ? requests_ : responses_);
  if (known == nullptr) return new_request(in);
  sim::Ask ask;
  ask.method = in.pick(methods);
  const auto from = sim::header_of(*known, "From").value_or("<sip:x@y>"),
             to = sim::header_of(*known, "To").value_or("<sip:x@y>");
  ask.from = callee ? to : from;
  ask.to = callee ? from : to;
  if (callee && !sim::param_of(ask.from, "tag")) ask.from += in.one_in(4) ? ";tag=t2" : ";tag=t1";
  ask.uri = uri_in(sim::header_of(*known, "Contact").value_or("<sip:a@192.0.2.1>"));
  ask.call_id = sim::header_of(*known, "Call-ID").value_or("none");
  const auto last = std::strtoul(sim::header_of(*known, "CSeq").value_or("1").c_str(), nullptr, 10);
  ask.cseq = ++cseq_;
  if (ask.method == "ACK" || in.one_in(10)) ask.cseq = static_cast<unsigned>(last);
  if (in.one_in(12)) ask.cseq = in.u8() * 0x01010101U;
  ask.via = via(in);
  switch (in.below(16)) {
    case 1: ask.from = without_params(ask.from); break;
    case 2: ask.to = without_params(ask.to); break;
    case 3: ask.from = without_params(ask.from) + ";tag=wrong"; break;
    case 4: ask.to = without_params(ask.to) + ";tag=wrong"; break;
    case 5: ask.uri = "sip:someone@else.invalid"; break;
    default: break;
  }
  add_lines(in, ask.lines, false);
  if (ask.method == "INVITE" || ask.method == "ACK" || ask.method == "UPDATE") add_body(in, ask.content_type, ask.body);
  send(in, sim::request_text(ask));
}

/// ACK, CANCEL, a copy by another path, or the same with another number, of a request of the peer's.
void Wire::follow_up(Bytes& in) {
  const auto* ours = choose(in, sent_);
  if (ours == nullptr || ours->starts_with("SIP/")) return new_request(in);
  auto text = *ours;
  const auto method = sim::method_of(text);
  const auto rename = [&](const std::string& name) {
    text.replace(0, method.size(), name);
    if (const auto at = text.find(" " + method + "\r\n"); at != std::string::npos)
      text.replace(at + 1, method.size(), name);
    if (const auto end = text.find("\r\n\r\n"); end != std::string::npos) text.erase(end + 4);
    if (const auto at = text.find("Content-Length: "); at != std::string::npos) {
      const auto end = text.find('\r', at);
      text.replace(at, end - at, "Content-Length: 0");
    }
  };
  switch (in.below(5)) {
    case 0: rename("CANCEL"); break;
    case 1: {
      rename("ACK");
      const auto* answer = choose(in, responses_);
      const auto tag =
          answer == nullptr ? std::nullopt : sim::param_of(sim::header_of(*answer, "To").value_or(""), "tag");
      const auto at = text.find("\r\nTo: ");
      if (const auto end = at == std::string::npos ? at : text.find('\r', at + 2); tag && end != std::string::npos)
        text.insert(end, ";tag=" + *tag);
      break;
    }
    case 2:  // merged (RFC 3261 §8.2.2.2)
      if (const auto at = text.find("branch=z9hG4bK"); at != std::string::npos)
        text.insert(at + 14, std::to_string(++branches_));
      break;
    case 3:
      if (const auto at = text.find("CSeq: "); at != std::string::npos) text.insert(at + 6, "1");
      break;
    default: rename(in.pick(methods)); break;
  }
  send(in, std::move(text));
}

/// What was said before, from either side, as it was.
void Wire::replay(Bytes& in) {
  const std::deque<std::string>* const from[] = {&sent_, &sent_, &requests_, &responses_};
  if (const auto* text = choose(in, *in.pick(from))) send(in, std::string(*text));
}

/// Cut, joined to another, or with some bytes changed.
void Wire::damaged(Bytes& in) {
  const std::deque<std::string>* const from[] = {&sent_, &requests_, &responses_};
  const auto* text = choose(in, *in.pick(from));
  if (text == nullptr || text->empty()) return raw(in);
  auto out = *text;
  const auto place = [&](const std::string& s) { return (std::size_t{in.u8()} * 256U + in.u8()) % (s.size() + 1); };
  switch (in.below(4)) {
    case 0: out.resize(place(out)); break;
    case 1:
      if (const auto* other = choose(in, *in.pick(from)))
        out = out.substr(0, place(out)) + other->substr(place(*other));
      break;
    case 2: out.insert(place(out), in.take(in.below(32))); break;
    default:
      for (auto n = 1 + in.below(4); n > 0; --n) out[place(out) % out.size()] = static_cast<char>(in.u8());
  }
  lenient_said_ = true;
  send(in, std::move(out));
}

void Wire::raw(Bytes& in) { send(in, std::string(in.take(std::size_t{in.u8()} * 4))); }

void Wire::huge(Bytes& in) {
  const auto* text = choose(in, sent_);
  if (text == nullptr) return new_request(in);
  auto out = *text;
  const std::size_t size = std::size_t{in.u8()} * 256;
  const auto at = out.find("\r\n\r\n");
  if (at == std::string::npos) return raw(in);
  switch (in.below(4)) {
    case 0: out.insert(at, "\r\nX-Long: " + std::string(size, 'x')); break;
    case 1:
      for (std::size_t i = 0; i < size / 40; ++i)
        out.insert(at, "\r\nRecord-Route: <sip:192.0.2.2;lr;n=" + std::to_string(i) + ">");
      break;
    case 2: out.append(size, 'b'); break;
    default:
      if (const auto to = out.find(">;tag="); to != std::string::npos) out.insert(to + 6, std::string(size, 't'));
  }
  send(in, std::move(out));
}

}  // namespace stateful
