#pragma once

#include <cstdint>

namespace peal::inline v0 {

// clang-format off
/// The row of a header that IANA registers. Known to the index, found without comparing names.
enum class HeaderId : std::uint8_t {
  other = 0,
  // what routing and matching need, in the order of first look
  via, from, to, call_id, cseq, max_forwards, contact, route, record_route, content_length, content_type,
  require, proxy_require, supported, unsupported, allow, accept, expires, min_expires, retry_after,
  www_authenticate, authorization, proxy_authenticate, proxy_authorization, authentication_info,
  user_agent, server, subject, date, timestamp, warning, organization, content_encoding,
  content_disposition, accept_encoding, accept_language, alert_info, call_info, error_info, in_reply_to,
  mime_version, priority, reply_to, content_language,
  // extensions that calls often carry
  reason, event, allow_events, subscription_state, session_expires, min_se, rack, rseq, refer_to, referred_by,
  replaces, path, service_route, p_asserted_identity, privacy, session_id, history_info, p_early_media,
  // the others that have a type: the index keeps one bit for them all
  accept_contact, accept_resource_priority, alertmsg_error, answer_mode, content_id, diversion, feature_caps,
  flow_timer, geolocation, geolocation_error, geolocation_routing, identity, info_package, join, max_breadth,
  p_access_network_info, p_associated_uri, p_called_party_id, p_charging_vector, p_preferred_identity,
  p_visited_network_id, permission_missing, policy_contact, priv_answer_mode, recv_info, refer_events_at, refer_sub,
  reject_contact, request_disposition, resource_priority, security_client, security_server, security_verify, sip_etag,
  sip_if_match, suppress_if_match, target_dialog, trigger_consent, user_to_user,
  // registered, and kept as text
  additional_identity, attestation_info, cellular_network_info, dc_info, encryption, hide, identity_info,
  origination_id, p_answer_state, p_asserted_service, p_charge_info, p_charging_function_addresses,
  p_dcs_billing_info, p_dcs_laes, p_dcs_osps, p_dcs_redirect, p_dcs_trace_party_id, p_media_authorization,
  p_preferred_service, p_private_network_indication, p_profile_key, p_refused_uri_list, p_served_user,
  p_user_database, policy_id, priority_share, priority_verstat, reason_phrase, relayed_charge, resource_share, response_key,
  response_source, restoration_info, service_interact_info,
  count
};
// clang-format on

}  // namespace peal::inline v0
