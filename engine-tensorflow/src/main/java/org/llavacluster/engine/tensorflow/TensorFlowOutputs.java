package org.llavacluster.engine.tensorflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.tensorflow.Result;

/** The tensors that a run fetched, where TensorFlow left them. */
final class TensorFlowOutputs implements LoadedModel.Outputs {

    private final Map<String, NativeTensor> tensors = new LinkedHashMap<>();

    TensorFlowOutputs(List<String> names, Result result) {
        for (int i = 0; i < names.size(); i++) {
            tensors.put(names.get(i), NativeTensor.fetched(result.get(i)));
        }
    }

    long byteSize() {
        long bytes = 0;
        for (NativeTensor tensor : tensors.values()) {
            bytes += tensor.bytes().byteSize();
        }
        return bytes;
    }

    @Override
    public HostTensor get(String name) {
        NativeTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("there is no output " + name);
        }
        return tensor;
    }

    @Override
    public void close() {
        tensors.values().forEach(NativeTensor::close);
    }
}
