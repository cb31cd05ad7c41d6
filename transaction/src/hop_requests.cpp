#include <algorithm>
#include <cstdint>
#include <string>

#include "machine.hpp"

#include <peal/message/extension_headers.hpp>

namespace peal::inline v0::transaction {

namespace {

// What §17.1.1.3 and §9.1 have in common: Request-URI, top Via, Route, From, Call-ID and CSeq number of the INVITE as
// it was sent.
Request hop_request(const Request& invite, const Method& method) {
  Request request(method, invite.uri());
  request.add(header::via, Via(invite.top_via()));
  invite.each(header::route, [&](auto route) {
    if (route) request.add(header::route, NameAddr(*route));
  });
  request.set(header::max_forwards, Number{70});
  request.set(header::from, NameAddr(invite.from()));
  return request;
}

Packet print(const Request& request, const Flow& flow) {
  std::string text;
  request.append_to(text);
  return {flow, SharedBytes(text)};
}

}  // namespace

Result<Request, ParseError> reread(const Packet& packet) {
  const std::string_view text = packet.bytes.view();
  ParseLimits limits;
  limits.header_lines =
      static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));  // room is made for so many
  limits.list_elements = limits.parameters = 65'535;
  for (auto* most : {&limits.via_elements, &limits.route_elements, &limits.record_route_elements,
                     &limits.contact_elements, &limits.service_route_elements, &limits.path_elements})
    *most = 65'535;
  limits.profile = Profile::interop;  // it may hold what a peer sent
  limits.start_line_bytes = limits.header_line_bytes = limits.header_name_bytes = 65'535;
  return Request::parse(text, limits);
}

Packet make_hop_ack(const Packet& invite, const Response& response) {
  const auto original = reread(invite);
  if (!original) return {invite.flow, {}};
  Request request = hop_request(*original, method::ack);
  request.set(header::to, NameAddr(response.to()));  // with the tag that the answer brought
  static_cast<void>(request.set(header::call_id, original->call_id()));
  request.set(header::cseq, CSeq{original->cseq().number, method::ack});
  return print(request, invite.flow);
}

Packet make_cancel(const Packet& invite, std::string_view reason) {
  const auto original = reread(invite);
  if (!original) return {invite.flow, {}};
  Request request = hop_request(*original, method::cancel);
  request.set(header::to, NameAddr(original->to()));
  static_cast<void>(request.set(header::call_id, original->call_id()));
  request.set(header::cseq, CSeq{original->cseq().number, method::cancel});
  if (!reason.empty()) static_cast<void>(request.add(header::reason, reason));
  return print(request, invite.flow);
}

}  // namespace peal::inline v0::transaction
