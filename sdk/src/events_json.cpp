#include <peal/events_json.hpp>
#include <peal/explain.hpp>
#include <peal/user_agent.hpp>

#include "json_text.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

namespace peal::inline v0 {

namespace {

using Json = nlohmann::ordered_json;

Json or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(std::string(text)); }

Json start(const char* event, const EventContext& context) {
  Json out;
  out["event"] = event;
  out["ts"] = rfc3339(context.time);
  return out;
}

Json start_call(const char* event, const EventContext& context) {
  auto out = start(event, context);
  out["account"] = or_null(context.account);
  out["call"] = or_null(context.call);
  out["sip_call_id"] = or_null(context.sip_call_id);
  return out;
}

std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);  // the wire may hold any byte
}

void put_bytes(Json& out, const std::string& name, std::string_view bytes) {
  if (detail::is_utf8(bytes)) {
    out[name] = or_null(bytes);
  } else {
    out[name] = nullptr;
    out[name + "_base64"] = detail::base64(bytes);
  }
}

Json cause_json(const Cause& cause) {
  Json out;
  out["layer"] = std::string(name_of(cause.layer));
  out["code"] = cause.code;
  out["text"] = or_null(cause.text);
  out["explain"] = or_null(explain_briefly(cause));
  out["peer"] = cause.peer.address.empty() ? Json(nullptr) : Json(cause.peer.to_string());
  return out;
}

/// A name that stands once gives a text, otherwise a list; names as the table writes them.
Json headers_json(const Message& message) {
  Json out = Json::object();
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto field = message.field(i);
    const bool core = field.id != HeaderId::other;
    const std::string name(core ? header::table[static_cast<std::size_t>(field.id)].name : field.name);
    auto& entry = out[name];
    if (entry.is_null()) {
      entry = std::string(field.value);
    } else {
      if (!entry.is_array()) entry = Json::array({std::move(entry)});
      entry.push_back(std::string(field.value));
    }
  }
  return out;
}

const char* name_of_hold(HoldState hold) {
  switch (hold) {
    case HoldState::local: return "local";
    case HoldState::remote: return "remote";
    case HoldState::both: return "both";
    case HoldState::none: break;
  }
  return "none";
}

const char* name_of_state(RegistrationState state) {
  switch (state) {
    case RegistrationState::registering: return "registering";
    case RegistrationState::registered: return "registered";
    case RegistrationState::unregistering: return "unregistering";
    case RegistrationState::failed: return "failed";
    case RegistrationState::unregistered: break;
  }
  return "unregistered";
}

Json to_json(const Progress& event, const EventContext& context) {
  auto out = start_call("call.progress", context);
  out["code"] = event.code.value();
  out["reason"] = or_null(event.reason);
  out["early"] = event.early == 0 ? Json(nullptr) : Json(event.early);
  put_bytes(out, "sdp", event.sdp);
  out["reliable"] = false;
  return out;
}
Json to_json(const Established& event, const EventContext& context) {
  auto out = start_call("call.established", context);
  out["code"] = event.code.value();
  put_bytes(out, "sdp", event.remote_sdp);
  return out;
}
Json to_json(const Changed& event, const EventContext& context) {
  auto out = start_call("call.changed", context);
  out["by"] = event.by_peer ? "remote" : "local";
  out["method"] = "INVITE";
  put_bytes(out, "sdp", event.remote_sdp);
  out["hold"] = name_of_hold(event.hold);
  return out;
}
Json to_json(const ChangeFailed& event, const EventContext& context) {
  auto out = start_call("call.change_failed", context);
  out["method"] = "INVITE";
  out["code"] = event.code;
  return out;
}
Json to_json(const Ended& event, const EventContext& context) {
  auto out = start_call("call.ended", context);
  out["cause"] = cause_json(event.cause);
  return out;
}

}  // namespace

std::string event_json(const CallEvent& event, const EventContext& context) {
  return line(std::visit([&](const auto& what) { return to_json(what, context); }, event));
}

std::string incoming_json(const Request& invite, const EventContext& context) {
  auto out = start_call("call.incoming", context);
  out["from"] = or_null(invite.from().text());
  out["to"] = or_null(invite.to().text());
  auto contact = invite.get(header::contact);
  out["contact"] = contact ? or_null(contact->text()) : Json(nullptr);
  out["headers"] = headers_json(invite);
  put_bytes(out, "sdp", invite.body_of("application", "sdp").value_or(""));
  out["replaces"] = nullptr;
  return line(out);
}

std::string event_json(const RegistrationEvent& event, const EventContext& context) {
  auto out = start("registration", context);
  out["account"] = or_null(context.account);
  out["state"] = name_of_state(event.state);
  out["expires"] = event.state == RegistrationState::registered ? Json(event.expires.count()) : Json(nullptr);
  out["contacts"] = event.contacts;
  const bool has_cause = event.state == RegistrationState::failed || event.cause.code != 0;
  out["cause"] = has_cause ? cause_json(event.cause) : Json(nullptr);
  out["retry_in"] = event.retry_in.count() == 0 ? Json(nullptr) : Json(event.retry_in.count());
  return line(out);
}

std::string response_json(const Response& response, const EventContext& context) {
  auto out = start("response", context);
  out["code"] = response.status().value();
  out["reason"] = or_null(response.reason());
  out["headers"] = headers_json(response);
  put_bytes(out, "body", response.body());
  out["final"] = response.status().is_final();
  return line(out);
}

std::string ready_json(const std::vector<std::string>& listen, const EventContext& context) {
  auto out = start("ready", context);
  out["listen"] = listen;
  return line(out);
}

std::string stats_json(const Counters& counters, const EventContext& context) {
  auto out = start("stats", context);
  const auto& transaction = counters.core.transaction;
  Json live;
  live["calls"] = counters.calls;
  live["accounts"] = counters.accounts;
  live["sessions"] = counters.core.sessions;
  live["dialogs"] = counters.core.dialogs;
  live["outgoing_requests"] = counters.core.outgoing_requests;
  live["client_machines"] = transaction.client_machines;
  live["server_machines"] = transaction.server_machines;
  live["echo_records"] = transaction.echo_records;
  live["echo_bytes"] = transaction.echo_bytes;
  Json dropped;
  for (const auto& [reason, count] : counters.drops) dropped[reason] = count;
  auto& all = out["counters"];
  all["live"] = std::move(live);
  all["dropped"] = std::move(dropped);
  all["retransmissions_sent"] = transaction.retransmissions_sent;
  all["echo_dropped"] = transaction.echo_dropped;
  all["slow_handlers"] = counters.slow_handlers;
  all["wrong_thread"] = counters.wrong_thread;
  return line(out);
}

std::string rfc3339(std::chrono::system_clock::time_point time) {
  using std::chrono::days, std::chrono::floor, std::chrono::hh_mm_ss, std::chrono::microseconds, std::chrono::seconds,
      std::chrono::sys_days, std::chrono::year_month_day;
  const auto since = floor<microseconds>(time.time_since_epoch());
  const auto whole = floor<seconds>(since);
  const auto fraction = static_cast<int>((since - whole).count());
  const year_month_day date{sys_days(floor<days>(whole))};
  const hh_mm_ss clock{whole - floor<days>(whole)};
  char out[48];
  const int size = std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                 static_cast<int>(clock.seconds().count()), fraction);
  return {out, static_cast<std::size_t>(size)};
}

std::string explain_briefly(const Cause& cause) {
  if (cause.layer != Layer::sip) return {};
  const auto code = StatusCode::make(cause.code);
  if (!code || code->value() < 300) return {};
  const auto explanation = explain(*code);
  if (!explanation) return {};
  const auto sentence = explanation->meaning.find(". ");
  return std::string(explanation->meaning.substr(0, sentence == std::string_view::npos ? sentence : sentence + 1));
}

}  // namespace peal::inline v0
