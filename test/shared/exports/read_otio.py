"""Prints what OpenTimelineIO's own reader makes of a file, as JSON, and writes the file again beside it."""

import json
import sys

import opentimelineio as otio

timeline = otio.adapters.read_from_file(sys.argv[1])
video = timeline.video_tracks()[0]
audio = timeline.audio_tracks()[0]


def span(time_range):
    return [time_range.start_time.value, time_range.duration.value, time_range.start_time.rate]


print(
    json.dumps(
        {
            "name": timeline.name,
            "rate": video.duration().rate,
            "frames": video.duration().value,
            "music": [audio.name, audio.duration().value, [clip.name for clip in audio]],
            "markers": [[m.name, m.marked_range.start_time.value] for m in timeline.tracks.markers],
            "clips": [
                {
                    "name": clip.name,
                    "url": clip.media_reference.target_url,
                    "source": span(clip.source_range),
                    "available": span(clip.available_range()),
                    "parent": span(clip.trimmed_range_in_parent()),
                    "speed": [effect.time_scalar for effect in clip.effects],
                }
                for clip in video.find_clips()
            ],
            "transitions": [
                [t.transition_type, t.in_offset.value, t.out_offset.value]
                for t in video
                if isinstance(t, otio.schema.Transition)
            ],
        }
    )
)
otio.adapters.write_to_file(timeline, sys.argv[2])
