#include "route_set.hpp"

#include <peal/dialog/dialog.hpp>
#include <peal/dialog/error.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

namespace peal::inline v0::dialog {
namespace {

/// A dialog's texts were read once, strictly or not, and come back as they came.
constexpr auto as_received = Profile::interop;

/// The Record-Route set, a line each: as it came for a UAS, from the far end for a UAC (§12.1).
std::string record_routes(const Message& message, bool reverse) {
  std::vector<std::string_view> routes;
  message.each(header::record_route, [&](const auto& route) {
    if (route) routes.push_back(route->text());
  });
  if (reverse) std::reverse(routes.begin(), routes.end());
  std::string out;
  for (const auto route : routes) {
    out += route;
    out += '\n';
  }
  return out;
}

std::vector<NameAddrView> parse_routes(const Dialog& dialog) {
  std::vector<NameAddrView> routes;
  dialog.each_route([&](std::string_view text) {
    if (auto route = NameAddrView::parse(text, as_received)) routes.push_back(*route);
  });
  return routes;
}

NameAddrView parse_name_addr(std::string_view text) noexcept {
  auto parsed = NameAddrView::parse(text, as_received);
  return parsed ? *parsed : NameAddrView{};
}

/// The Contact of a request that makes a dialog (§12.1.1); empty when there is none. A peer of RFC 2543 (no branch
/// cookie) need not give one: its From is where it is reached then (RFC 2543 §4.2.4).
UriView remote_target_of(const Request& request) {
  if (const auto contact = request.get(header::contact)) return contact->uri();
  const bool old_peer = !request.has(header::contact) && !request.top_via().has_magic_cookie();
  return old_peer ? request.from().uri() : UriView{};
}

}  // namespace

bool Dialog::pack(const Texts& texts) {
  std::size_t size = 0;
  for (const auto text : texts) size += text.size();
  if (size > std::numeric_limits<std::uint16_t>::max()) return false;
  auto block = std::make_unique<char[]>(size);
  std::size_t at = 0;
  std::array<std::uint16_t, parts> ends{};
  for (std::size_t i = 0; i < parts; ++i) {
    if (!texts[i].empty()) std::memcpy(block.get() + at, texts[i].data(), texts[i].size());
    at += texts[i].size();
    ends[i] = static_cast<std::uint16_t>(at);
  }
  block_ = std::move(block);
  ends_ = ends;
  return true;
}

Dialog::Texts Dialog::texts() const noexcept {
  Texts out;
  for (std::size_t i = 0; i < parts; ++i) out[i] = part(static_cast<Part>(i));
  return out;
}

Result<Dialog> Dialog::of_request(const Request& sent) {
  Dialog dialog;
  std::string_view contact;
  if (const auto ours = sent.get(header::contact)) contact = ours->text();
  if (!dialog.pack(
          {sent.call_id(), sent.from_tag(), {}, sent.from().text(), sent.to().text(), sent.uri().text(), contact, {}}))
    return fail(peal::errc::too_long);
  dialog.uac_ = true;
  dialog.local_cseq_ = sent.cseq().number;
  dialog.secure_ = sent.uri().secure();
  return dialog;
}

Result<Dialog> Dialog::with_response(const Response& response) const {
  Dialog dialog;
  auto texts = this->texts();
  const auto routes = record_routes(response, true);
  texts[static_cast<std::size_t>(Part::remote_tag)] = response.to_tag();
  texts[static_cast<std::size_t>(Part::remote)] = response.to().text();
  texts[static_cast<std::size_t>(Part::routes)] = routes;
  const auto contact = response.get(header::contact);
  if (contact && contact->uri().is_sip()) texts[static_cast<std::size_t>(Part::target)] = contact->uri().text();
  if (!dialog.pack(texts)) return fail(peal::errc::too_long);
  dialog.uac_ = true;
  dialog.secure_ = secure_;
  dialog.local_cseq_ = local_cseq_;
  dialog.remote_cseq_ = remote_cseq_;
  dialog.remote_cseq_known_ = remote_cseq_known_;
  dialog.state_ = response.status().is_success() ? DialogState::confirmed : DialogState::early;
  return dialog;
}

Result<Dialog> Dialog::of_received(const Request& request, std::string_view local_tag, const NameAddrView& contact) {
  const auto theirs = remote_target_of(request);
  if (!theirs.is_sip()) return fail(peal::errc::invalid_value);
  Dialog dialog;
  NameAddr local(request.to());
  if (!local_tag.empty()) {
    if (auto ok = local.set_param("tag", local_tag); !ok) return fail(peal::errc::invalid_value);
  }
  const auto routes = record_routes(request, false);
  if (!dialog.pack({request.call_id(), local_tag, request.from_tag(), local.text(), request.from().text(),
                    theirs.text(), contact.text(), routes}))
    return fail(peal::errc::too_long);
  dialog.secure_ = request.uri().secure();
  dialog.remote_cseq_ = request.cseq().number;
  dialog.remote_cseq_known_ = true;
  return dialog;
}

NameAddrView Dialog::local() const noexcept { return parse_name_addr(part(Part::local)); }
NameAddrView Dialog::remote() const noexcept { return parse_name_addr(part(Part::remote)); }
NameAddrView Dialog::contact() const noexcept { return parse_name_addr(part(Part::contact)); }

UriView Dialog::remote_target() const noexcept {
  auto parsed = UriView::parse(part(Part::target), as_received);
  return parsed ? *parsed : UriView{};
}

std::size_t Dialog::route_count() const noexcept {
  const auto routes = part(Part::routes);
  return static_cast<std::size_t>(std::count(routes.begin(), routes.end(), '\n'));
}

bool Dialog::accept_remote_cseq(std::uint32_t number) noexcept {
  if (remote_cseq_known_ && number < remote_cseq_) return false;
  remote_cseq_ = number;
  remote_cseq_known_ = true;
  return true;
}

void Dialog::set_remote_target(const UriView& target) {
  if (!target.is_sip() || target.text() == part(Part::target)) return;
  auto texts = this->texts();
  texts[static_cast<std::size_t>(Part::target)] = target.text();
  (void)pack(texts);
}

void Dialog::set_contact(const NameAddrView& contact) {
  if (contact.text() == part(Part::contact)) return;
  auto texts = this->texts();
  texts[static_cast<std::size_t>(Part::contact)] = contact.text();
  (void)pack(texts);
}

Request Dialog::start(const Method& method, std::uint32_t cseq) const {
  Request request(method, remote_target());
  const auto routes = parse_routes(*this);
  (void)apply_route_set(request, routes, remote_target());
  request.set(header::max_forwards, Number{70});
  request.set(header::from, NameAddr(local()));
  request.set(header::to, NameAddr(remote()));
  if (auto id = CallId::parse(call_id())) request.set(header::call_id, *id);
  request.set(header::cseq, CSeq{cseq, method});
  return request;
}

Request Dialog::make_request(const Method& method) { return start(method, next_local_cseq()); }
Request Dialog::make_ack(std::uint32_t invite_cseq) const { return start(method::ack, invite_cseq); }
Uri Dialog::next_hop() const { return next_hop_of(parse_routes(*this), remote_target()); }

}  // namespace peal::inline v0::dialog
