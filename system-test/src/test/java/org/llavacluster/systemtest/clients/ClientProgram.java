package org.llavacluster.systemtest.clients;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** A program that makes calls with one client's SDK. */
interface ClientProgram extends AutoCloseable {

    /**
     * What came of a call. A whole answer or stream is {@code {choices: [{text, finish, logprobs: [{token, logprob,
     * top: [{token, logprob}]}]}], usage: {prompt_tokens, completion_tokens}, pieces, request_id}}; a list of models is
     * {@code {models: [name]}}; an error as the SDK raised it is {@code {error: {type, status, code, param, message,
     * request_id, retry_after}}}. What the SDK does not show is absent or null.
     */
    JsonNode make(ClientCall call) throws IOException;

    @Override
    void close() throws IOException;
}
