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


class Network(nn.Module):
    def __init__(self, path):
        super().__init__()
        with open(path, "rb") as file:
            (length,) = struct.unpack("<I", file.read(4))
            self.network = json.loads(file.read(length))
            numbers = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
        channels = {"picture": 3}
        last = self.network["last"]
        layers = [(last["name"], last["kernel"], [last["inputs"]], 3)]
        for layer in reversed(self.network["convolutions"]):
            channels[layer["name"]] = layer["outputs"]
        for layer in reversed(self.network["convolutions"]):
            # A published network reads all maps by one side.
            inputs = [channels[read["map"]] for read in layer["from"]]
            layers.insert(0, (layer["name"], layer["from"][0]["kernel"], inputs, layer["outputs"]))
        at = 0
        self.layers = nn.ModuleDict()
        for name, side, inputs, outputs in layers:
            convolution = nn.Conv2d(sum(inputs), outputs, side, padding=side // 2)
            kernels = []
            for count in inputs:
                size = side * side * count * outputs
                kernels.append(numbers[at : at + size].reshape(side, side, count, outputs))
                at += size
            with torch.no_grad():
                convolution.weight.copy_(torch.cat(kernels, 2).permute(3, 2, 0, 1))
                convolution.bias.copy_(numbers[at : at + outputs])
            at += outputs
            self.layers[name] = convolution

    def forward(self, picture):
        maps = {"picture": picture}
        for layer in self.network["convolutions"]:
            read = [maps[each["map"]] for each in layer["from"]]
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
