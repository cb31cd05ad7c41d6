#include "core.hpp"
#include "session_state.hpp"

#include <algorithm>

namespace peal::inline v0::dialog {
namespace {

bool same(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return (x >= 'A' && x <= 'Z' ? x + 32 : x) == (y >= 'A' && y <= 'Z' ? y + 32 : y);
  });
}

/// Content-Disposition says that a body which is not understood may be left alone (RFC 3261 §20.11).
bool optional_body(const Request& request) {
  const auto disposition = request.raw("Content-Disposition");
  if (!disposition) return false;
  const auto parameters = disposition->find(';');
  return parameters != std::string_view::npos &&
         same(ParamsView(disposition->substr(parameters)).value("handling"), "optional");
}

}  // namespace

/// RFC 3261 §8.2, up to what the method itself decides. Answers and says true when the request goes no further.
/// Max-Forwards of 0 is no reason: we are where it wanted to go.
bool Core::refused(transaction::ServerId id, const Request& request) {
  const auto method = request.method();
  if (request.to_tag().empty()) {  // §8.2.2.2
    const auto cseq = request.raw(header::cseq).value_or("");
    const auto key = hash_({request.from_tag(), request.call_id(), cseq});
    if (!merged_.add(key, timers().now(), 64 * times().t1)) {
      refuse(id, request, status::loop_detected);
      return true;
    }
  }
  if (std::find(methods_.begin(), methods_.end(), method) == methods_.end()) {  // §8.2.1
    refuse(id, request, unsupported_method(method));
    return true;
  }
  const auto scheme = request.uri().scheme();
  if (scheme == Scheme::other) {  // §8.2.2.1; a tel URI may well be ours
    refuse(id, request, status::unsupported_uri_scheme);
    return true;
  }
  return refused_extension(id, request) || refused_content(id, request);
}

bool Core::refused_extension(transaction::ServerId id, const Request& request) {  // §8.2.2.3
  std::optional<Response> answer;
  request.each(header::require, [&](const auto& tag) {
    if (!tag || std::any_of(option_tags_.begin(), option_tags_.end(), [&](const auto& t) { return same(t, *tag); }))
      return;
    if (!answer) answer = make_response(request, status::bad_extension);
    (void)answer->add(header::unsupported, *tag);
  });
  if (answer) (void)respond(id, *answer);
  return answer.has_value();
}

bool Core::refused_content(transaction::ServerId id, const Request& request) {  // §8.2.3
  if (request.body().empty() || optional_body(request)) return false;
  const auto encoding = request.raw("Content-Encoding");
  if (encoding && !same(*encoding, "identity")) {
    auto response = make_response(request, status::unsupported_media_type);
    (void)response.set("Accept-Encoding", "identity");
    (void)respond(id, response);
    return true;
  }
  const auto type = request.get(header::content_type);
  const bool known = !type || std::any_of(body_types_.begin(), body_types_.end(), [&](std::string_view known_type) {
    const auto slash = known_type.find('/');
    return same(known_type.substr(slash + 1), "*")
               ? same(known_type.substr(0, slash), type->type())
               : type->is(known_type.substr(0, slash), known_type.substr(slash + 1));
  });
  if (known) return false;
  refuse(id, request, status::unsupported_media_type);
  return true;
}

void Core::on_request(transaction::ServerId id, const Request& request, const transport::Flow& flow) {
  if (refused(id, request)) return;
  if (!request.to_tag().empty()) return in_dialog(id, request, flow);
  const auto method = request.method();
  if (method == method::invite) return new_invite(id, request, flow);
  if (method == method::options) return answer_options(id, request, user_.on_options(request));
  if (method == method::bye) return refuse(id, request, status::call_does_not_exist);
  auto* module = module_for(method, false);
  if (module == nullptr) return refuse(id, request, status::method_not_allowed);
  const auto watch = lifetime_.watch();
  const auto verdict = module->on_request(IncomingRequest(self_, id, request, flow));
  if (watch.alive()) finish_verdict(verdict, id, request);
}

void Core::in_dialog(transaction::ServerId id, const Request& request, const transport::Flow& flow) {
  auto* session = find_session(request.call_id(), request.to_tag());
  // The remote tag must fit too: a peer that echoes our own requests does not join our dialog.
  auto* dialog = session == nullptr ? nullptr : session->find_dialog(request.from_tag());
  if (dialog == nullptr) return refuse(id, request, status::call_does_not_exist);
  session->on_request(*dialog, id, request, flow);
}

void Core::in_dialog_request(Dialog& dialog, transaction::ServerId id, const Request& request,
                             const transport::Flow& flow) {
  auto* module = module_for(request.method(), true);
  if (module == nullptr) return refuse(id, request, status::method_not_allowed);
  const auto watch = lifetime_.watch();
  const auto verdict = module->on_request(dialog, IncomingRequest(self_, id, request, flow));
  if (watch.alive()) finish_verdict(verdict, id, request);
}

void Core::finish_verdict(Verdict verdict, transaction::ServerId id, const Request& request) {
  switch (verdict.kind) {
    case Verdict::Kind::take:
    case Verdict::Kind::hold:
    case Verdict::Kind::retry: return;
    case Verdict::Kind::proceed: return refuse(id, request, status::method_not_allowed);
    case Verdict::Kind::reject: {
      const auto code = StatusCode::make(verdict.code);
      return refuse(id, request, code ? *code : status::server_internal_error);
    }
  }
}

void Core::answer_options(transaction::ServerId id, const Request& request, StatusCode code) {  // §11.2
  auto response = make_response(request, code);
  (void)response.set(header::allow, allow_);
  (void)response.set("Accept", accept_);
  (void)response.set("Accept-Encoding", "identity");
  (void)response.set("Accept-Language", "en");
  if (!supported_.empty()) (void)response.set(header::supported, supported_);
  (void)respond(id, response);
}

void Core::on_ack(const Request& ack, const transport::Flow&) {
  auto* session = find_session(ack.call_id(), ack.to_tag());
  if (session == nullptr || session->find_dialog(ack.from_tag()) == nullptr) {
    transactions_.drops().add(transport::Drop::stray_ack);
    return;
  }
  session->on_ack(ack);
}

void Core::on_cancel(transaction::ServerId invite, const Request& cancel) {
  if (auto* session = find_server(invite)) session->on_cancel(cancel);
}

void Core::on_2xx(const Response& response, const transport::Flow&, bool broken) {
  auto* session = find_session(response.call_id(), response.from_tag());
  if (session == nullptr) return late_2xx(response);
  session->on_2xx(response, broken);
}

void Core::on_server_failure(transaction::ServerId id, const transaction::Failure& failure) {
  if (auto* session = find_server(id)) session->on_server_failure(failure);
}

Response IncomingRequest::make_response(StatusCode code) const { return core_->make_response(*request_, code); }

}  // namespace peal::inline v0::dialog
