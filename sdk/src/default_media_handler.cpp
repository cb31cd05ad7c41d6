#include <peal/default_media_handler.hpp>

#include <peal/message/sdp/negotiate.hpp>

#include <utility>

namespace peal::inline v0 {

namespace {

sdp::Capabilities capabilities(const MediaOptions& options, const OfferContext& context, std::uint64_t session_id) {
  sdp::Capabilities out;
  out.addresses = {context.local_address};
  out.session_id = session_id;
  out.version = session_id;
  sdp::MediaCapability audio;
  audio.codecs = options.codecs;
  audio.port = options.port;
  audio.hold = context.hold;
  out.media.push_back(std::move(audio));
  return out;
}

sdp::Previous previous(const OfferContext& context) {
  sdp::Previous out;
  out.local = context.local;
  out.remote = context.remote;
  out.last_sent = context.last_sent;
  return out;
}

}  // namespace

DefaultMediaHandler::DefaultMediaHandler(MediaOptions options, std::uint64_t session_id)
    : options_(std::move(options)), session_id_(session_id & 0x7fffffffffff) {}  // some peers read it as a signed number

DefaultMediaHandler::~DefaultMediaHandler() = default;

void DefaultMediaHandler::offer(const OfferContext& context, Ticket<std::optional<sdp::SessionDescription>> ticket) {
  auto made = sdp::make_offer(capabilities(options_, context, ++session_id_), previous(context));
  if (!made) return ticket.answer(std::nullopt);
  ticket.answer(std::move(*made));
}

void DefaultMediaHandler::answer(const OfferContext& context, const sdp::SessionDescription& offer,
                                 Ticket<std::optional<sdp::SessionDescription>> ticket) {
  auto made = sdp::make_answer(offer, capabilities(options_, context, ++session_id_), previous(context));
  if (!made || !sdp::acceptable(made->media)) return ticket.answer(std::nullopt);  // 488
  ticket.answer(std::move(made->description));
}

bool DefaultMediaHandler::on_negotiated(const sdp::SessionDescription& local, const sdp::SessionDescription& remote) {
  return sdp::acceptable(sdp::read_answer(local, remote, capabilities(options_, {}, session_id_)));
}

}  // namespace peal::inline v0
