#include "forwarder.hpp"

#include <peal/message/headers.hpp>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace peal::inline v0::registrar {

namespace {

constexpr std::string_view cookie = "z9hG4bK";
constexpr std::string_view route_mark = "peal-rr";
constexpr std::size_t most_waiting = 1000;
constexpr std::uint32_t first_max_forwards = 70;

bool is_ack(const Request& request) { return request.method() == method::ack; }

/// "z9hG4bK" unique "-" loop "-" listening point of the request.
std::string branch_of(const std::string& unique, const std::string& loop, const transport::Flow& flow) {
  std::string out(cookie);
  return out.append(unique).append("-").append(loop).append("-").append(std::to_string(flow.listen_point));
}

std::string_view after_last_dash(std::string_view branch) {
  const auto dash = branch.rfind('-');
  return dash == std::string_view::npos ? std::string_view{} : branch.substr(dash + 1);
}

/// §18.2.2: where the response of a request with this Via goes.
Result<Uri> reply_address(const ViaView& via) {
  const auto received = via.params().value("received");
  const auto rport = via.params().value("rport");
  std::uint16_t port = via.port();
  if (!rport.empty()) std::from_chars(rport.data(), rport.data() + rport.size(), port);
  std::string host(received.empty() ? via.host() : received);
  if (host.find(':') != std::string::npos && !host.starts_with('[')) host = "[" + host + "]";
  auto uri = Uri::sip({}, host, port);
  if (!uri) return fail(std::error_code(uri.error()));
  return *uri;
}

}  // namespace

/// What is to be sent on, while it is being made.
struct Forwarder::Plan {
  Request request;
  bool by_our_route = false;     ///< it follows a route that we recorded
  std::string unique{}, loop{};  ///< of the branch, from the request as it came
};

Forwarder::Forwarder(dialog::ModuleHost& host, const Domains& domains, const Location& location, Gate* gate,
                     RegistrarCounters& counters)
    : transport_(host.transport()),
      domains_(domains),
      location_(location),
      gate_(gate),
      counters_(counters),
      hash_(host.runtime().random().next(), host.runtime().random().next()),
      locator_(host.runtime()) {}

bool Forwarder::on_request(const Request& request, const transport::Flow& flow) {
  Plan plan{request};
  follow_routes(plan);
  const auto uri = plan.request.uri();
  const bool ours = domains_.serve(uri, transport_);
  const bool has_route = plan.request.has(header::route);
  if (ours && !has_route && (!uri.has_user() || request.method() == method::register_))
    return false;  // for the user agent itself

  if (is_ack(request) && request.to_tag() == to_tag(request)) return true;  // of an answer that we made
  plan.unique = unique_part(request);
  plan.loop = loop_part(plan.request);
  if (const int code = problem_of(plan); code != 0) return refuse(request, flow, code), true;

  const bool in_dialog = !request.to_tag().empty();
  if (!plan.by_our_route && !in_dialog && !admitted(request, flow, !ours || has_route)) return true;
  if (ours && !has_route) {
    const auto bindings = location_.find(address_of_record(uri));
    if (bindings.empty()) {
      if (in_dialog) return false;  // a dialog of the user agent itself, or 481
      return refuse(request, flow, 404), true;
    }
    plan.request.set_uri(bindings.front().contact.view());
  } else if (!plan.by_our_route && (gate_ == nullptr || in_dialog || is_ack(request))) {
    return refuse(request, flow, 403), true;  // no relay for strangers
  }
  forward(std::move(plan), flow);
  return true;
}

/// §16.4: what a strict router before us did to the Request-URI is undone, and our own Route goes.
void Forwarder::follow_routes(Plan& plan) const {
  auto& request = plan.request;
  if (request.uri().params().has(route_mark) && domains_.serve(request.uri(), transport_)) {
    std::vector<std::string> routes;
    request.each(header::route, [&](const auto& route) {
      if (route) routes.emplace_back(route->text());
    });
    const bool recorded = recorded_by_us(request.uri(), request.call_id());
    auto last = routes.empty() ? Result<NameAddr, ParseError>() : NameAddr::parse(routes.back());
    if (recorded && last) {
      request.set_uri(last->uri());
      request.remove(header::route);
      routes.pop_back();
      for (const auto& route : routes)
        if (auto value = NameAddr::parse(route)) request.add(header::route, *value);
      plan.by_our_route = true;
    }
  }
  if (const auto top = request.get(header::route); top && domains_.serve(top->uri(), transport_)) {
    plan.by_our_route = plan.by_our_route || recorded_by_us(top->uri(), request.call_id());
    request.pop_front(header::route);
  }
}

bool Forwarder::recorded_by_us(const UriView& route, std::string_view call_id) const {
  return route.params().value(route_mark) == hash_.of_parts({"route", call_id});
}

/// §16.3, but for authentication: the code to answer with, or 0.
int Forwarder::problem_of(const Plan& plan) const {
  const auto& request = plan.request;
  if (!request.uri().is_sip()) return 416;
  if (const auto hops = request.get(header::max_forwards); hops && hops->value == 0) return 483;
  if (request.has(header::proxy_require)) return 420;
  bool looped = false;
  request.each(header::via, [&](const auto& via) {
    if (!via || !transport_.is_local(via->host(), via->port())) return;
    const auto branch = via->branch();
    const auto loop = branch.size() > cookie.size() + 17 ? branch.substr(cookie.size() + 17, 16) : std::string_view{};
    looped = looped || loop == plan.loop;
  });
  return looped ? 482 : 0;
}

/// Requests from our domains, and those that we would relay elsewhere, show who sends them (§16.3 step 6, §22.3).
bool Forwarder::admitted(const Request& request, const transport::Flow& flow, bool relayed) {
  if (gate_ == nullptr || is_ack(request) || request.method() == method::cancel) return true;
  if (!relayed && !domains_.serve(request.from().uri(), transport_)) return true;  // anybody may call our users
  const auto answer_of_gate = gate_->admit(request);
  switch (answer_of_gate) {
    case Gate::Answer::pass: return true;
    case Gate::Answer::forbidden: refuse(request, flow, 403); return false;
    case Gate::Answer::bad: refuse(request, flow, 400); return false;
    case Gate::Answer::challenge:
    case Gate::Answer::stale: break;
  }
  Response response(request, StatusCode(407), to_tag(request));
  gate_->challenge(response, answer_of_gate == Gate::Answer::stale);
  ++counters_.challenged;
  answer(response, flow);
  return false;
}

/// §16.6.
void Forwarder::forward(Plan plan, const transport::Flow& flow) {
  auto& request = plan.request;
  const auto branch = branch_of(plan.unique, plan.loop, flow);
  const auto hops = request.get(header::max_forwards);
  request.set(header::max_forwards, Number{hops ? hops->value - 1 : first_max_forwards});
  const auto credentials = request.all(header::proxy_authorization);
  if (gate_ != nullptr && credentials.size() == 1 && credentials.front() &&
      credentials.front()->value("realm") == gate_->realm())
    request.remove(header::proxy_authorization);  // they were for us (§22.3)

  Uri next(request.uri());
  if (const auto top = request.get(header::route)) {
    next = Uri(top->uri());
    if (!top->uri().loose_router()) {  // step 6: a strict router wants to be the Request-URI
      request.add(header::route, NameAddr(request.uri()));
      request.pop_front(header::route);
      request.set_uri(next.view());
    }
  }
  if (waiting_ >= most_waiting) return refuse(request, flow, 503);
  const auto original = request;
  auto targets = locator_.locate(
      next.view(), [this, later = std::move(request), branch, flow](auto found, std::error_code why) mutable {
        --waiting_;
        if (why || found.empty()) return refuse(later, flow, 503);
        send(std::move(later), found.front(), branch, flow);
      });
  if (!targets) return refuse(original, flow, targets.error() == transport::errc::unresolvable ? 503 : 416);
  if (targets->empty()) return void(++waiting_);
  send(original, targets->front(), branch, flow);
}

void Forwarder::send(Request request, const transport::Target& target, const std::string& branch,
                     const transport::Flow& flow) {
  const bool may_make_dialog = request.to_tag().empty() && !is_ack(request) && request.method() != method::cancel;
  if (may_make_dialog) {
    const auto us = transport_.local_address_for(target);
    if (!us) return refuse(request, flow, 503);
    const auto mark = hash_.of_parts({"route", request.call_id()});
    if (auto route = NameAddr::parse("<sip:" + *us + ";lr;" + std::string(route_mark) + "=" + mark + ">"))
      request.push_front(header::record_route, *route);
  }
  if (auto sent = transport_.send_request(request, target, branch); !sent)
    return refuse(request, flow, sent.error() == transport::errc::too_large ? 513 : 503);
  ++counters_.forwarded_requests;
}

/// Statelessly, and never to an ACK.
void Forwarder::refuse(const Request& request, const transport::Flow& flow, int code) {
  if (is_ack(request)) return;
  Response response(request, StatusCode(static_cast<std::uint16_t>(code)), to_tag(request));
  if (code == 420)
    request.each(header::proxy_require, [&](const auto& tag) {
      if (!tag) return;
      if (auto unsupported = Token::parse(*tag)) response.add(header::unsupported, *unsupported);
    });
  ++counters_.refused;
  answer(response, flow);
}

void Forwarder::answer(const Response& response, const transport::Flow& flow) {
  // What cannot be sent is counted by the transport; the client will ask again.
  if (auto sent = transport_.send_response(response, flow); !sent) transport_.drops().add(transport::Drop::unsendable);
}

bool Forwarder::on_response(const Response& response, const transport::Flow& flow) {
  std::size_t vias = 0;
  response.each(header::via, [&](const auto&) { ++vias; });
  if (vias < 2) return false;  // to a request of the user agent itself

  Response out = response;
  std::uint32_t listen_point = flow.listen_point;
  const auto mark = after_last_dash(out.top_via().branch());
  std::from_chars(mark.data(), mark.data() + mark.size(), listen_point);
  out.pop_front(header::via);
  const auto via = out.get(header::via);
  const auto back = via ? reply_address(*via) : Result<Uri>();
  if (!back || waiting_ >= most_waiting || listen_point >= transport_.listen_points()) {
    transport_.drops().add(transport::Drop::bad_response);
    return true;
  }
  auto pass = [this, listen_point](const Response& message, const std::vector<transport::Target>& targets) {
    if (targets.empty() || !transport_.send_as_is(message, targets.front(), listen_point))
      return transport_.drops().add(transport::Drop::unsendable);
    ++counters_.forwarded_responses;
  };
  auto targets = locator_.locate(back->view(), [this, pass, out](auto found, std::error_code) {
    --waiting_;
    pass(out, found);
  });
  if (targets && targets->empty())
    ++waiting_;
  else
    pass(out, targets ? *targets : std::vector<transport::Target>{});
  return true;
}

// ---- the branch (§16.11, §16.6 step 8). Neither part names the method or To's tag: CANCEL, ACK and the INVITE agree.

std::string Forwarder::unique_part(const Request& request) const {
  const auto via = request.top_via();
  if (via.has_magic_cookie()) return hash_.of_parts({"unique", via.branch(), via.host(), std::to_string(via.port())});
  return hash_.of_parts({"unique 2543", via.text(), request.from_tag(), request.call_id(),
                         std::to_string(request.cseq().number), request.uri().text()});
}

/// What would be the same if the request came round again: everything that decides where it goes.
std::string Forwarder::loop_part(const Request& request) const {
  std::string routes;
  request.each(header::route, [&](const auto& route) {
    if (route) routes.append(route->text()).append(",");
  });
  return hash_.of_parts({"loop", request.uri().text(), routes, request.from_tag(), request.call_id(),
                         std::to_string(request.cseq().number)});
}

/// §8.2.7: the same for each copy of a request.
std::string Forwarder::to_tag(const Request& request) const {
  return hash_.of_parts(
      {"to", request.top_via().branch(), request.from_tag(), request.call_id(), std::to_string(request.cseq().number)});
}

}  // namespace peal::inline v0::registrar
