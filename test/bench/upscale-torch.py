"""Frames a second of the same network with the same weights in PyTorch on the same GPU: `python upscale-torch.py MODEL WIDTH HEIGHT`.

Prints one JSON object: {"device": ..., "eager": frames a second, "compiled": frames a second}; 16-bit numbers, channels last,
pictures that stay on the GPU: what PyTorch does at its best.
"""
import json
import struct
import sys
import time

import torch
from torch import nn
from torch.nn import functional


# Of the model's file, before all else.
CHECKSUM = 32


class Network(nn.Module):
    def __init__(self, path):
        super().__init__()
        with open(path, "rb") as file:
            file.seek(CHECKSUM)
            (length,) = struct.unpack("<I", file.read(4))
            self.network = json.loads(file.read(length))
            numbers = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
        last = {**self.network["last"], "outputs": 3}
        at = 0
        self.layers = nn.ModuleDict()
        for layer in [*self.network["convolutions"], last]:
            side, inputs, outputs = layer["kernel"], layer["inputs"], layer["outputs"]
            size = side * side * inputs * outputs
            convolution = nn.Conv2d(inputs, outputs, side, padding=side // 2)
            with torch.no_grad():
                kernel = numbers[at : at + size].reshape(side, side, inputs, outputs)
                convolution.weight.copy_(kernel.permute(3, 2, 0, 1))
                convolution.bias.copy_(numbers[at + size : at + size + outputs])
            at += size + outputs
            self.layers[layer["name"]] = convolution

    def forward(self, picture):
        maps = {"picture": picture}
        for layer in self.network["convolutions"]:
            read = [maps[name] for name in layer["from"]]
            value = self.layers[layer["name"]](torch.cat(read, 1) if len(read) > 1 else read[0])
            if layer["relu"]:
                value = torch.relu(value)
            for plus in layer["plus"]:
                value = value * plus["times"] + maps[plus["map"]]
            maps[layer["name"]] = value
        last, scale = self.network["last"], self.network["scale"]
        value = maps[last["from"]]
        if last["enlargement"] == "nearest":
            value = functional.interpolate(value, scale_factor=scale, mode="nearest")
        else:
            # TensorFlow's order of channels: rows, columns, colours.
            count, channels, height, width = value.shape
            value = value.reshape(count, scale, scale, 3, height, width).permute(0, 3, 4, 1, 5, 2)
            value = value.reshape(count, 3, height * scale, width * scale)
        return self.layers[last["name"]](value)


def rate(run, picture):
    for _ in range(5):
        run(picture)
    torch.cuda.synchronize()
    begun, frames = time.perf_counter(), 0
    while time.perf_counter() - begun < 3:
        for _ in range(5):
            run(picture)
        torch.cuda.synchronize()
        frames += 5
    return frames / (time.perf_counter() - begun)


path, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.backends.cudnn.benchmark = True
with torch.inference_mode():
    network = Network(path).half().cuda().to(memory_format=torch.channels_last)
    size = (1, 3, height, width)
    picture = torch.rand(size, device="cuda", dtype=torch.float16).to(memory_format=torch.channels_last)
    print(
        json.dumps(
            {
                "device": torch.cuda.get_device_name(),
                "eager": rate(network, picture),
                "compiled": rate(torch.compile(network, mode="max-autotune"), picture),
            }
        )
    )
