# Embeds the explanations into peal_sdk. Included by sdk/CMakeLists.txt, so that the rules belong to its target.
set(_peal_explain_dir ${CMAKE_CURRENT_LIST_DIR})

function(_peal_embed_explanations name)
  list(TRANSFORM ARGN PREPEND ${_peal_explain_dir}/ OUTPUT_VARIABLE inputs)
  list(JOIN inputs "|" joined)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/explain/explain_${name}.inc)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} "-DINPUTS=${joined}" -DOUTPUT=${output} -P ${_peal_explain_dir}/embed.cmake
    DEPENDS ${inputs} ${_peal_explain_dir}/embed.cmake
    COMMENT "Embedding explanations of ${name}" VERBATIM)
  target_sources(peal_sdk PRIVATE ${output})
endfunction()

_peal_embed_explanations(codes codes_1xx_3xx.txt codes_4xx.txt codes_5xx_6xx.txt)
_peal_embed_explanations(methods methods.txt)
target_sources(peal_sdk PRIVATE ${_peal_explain_dir}/../src/explain.cpp)
set_source_files_properties(${_peal_explain_dir}/../src/explain.cpp PROPERTIES
  INCLUDE_DIRECTORIES ${CMAKE_CURRENT_BINARY_DIR}/explain)
