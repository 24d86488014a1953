/** The framing of tensors on the wire, beside the generated contracts. Start at {@code TensorFrame}. */
package org.llavacluster.proto.tensor;
