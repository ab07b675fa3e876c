package unroll.data;

import java.util.List;
import java.util.stream.Stream;

/** The grammar of the generated reviews: rules {@code positive} and {@code negative}. */
final class GeneratedReviews {
    /**
     * Sentences that lectures ask about; they are never generated, with or without a full stop, so that a model can be
     * asked about them too.
     */
    static final List<List<String>> LECTURE = Stream
            .of("the food was really good", "the vacuum cleaner broke within two weeks",
                    "the movie had slow parts , but overall was worth watching",
                    "the chicken crossed the road because it was uncooked", "there is nothing to like in this movie")
            .flatMap(s -> Stream.of(s, s + " .")).map(s -> List.of(s.split(" "))).toList();

    /**
     * Most sentences have a twin of the other label with the same words in another order, or with "not" or "nothing" in
     * another place.
     */
    static final Grammar GRAMMAR = Grammar
            .parse("""
                    positive = <plain+> <stop> | <plain+> <stop> | <negation+> <stop> | <negation+> <stop> | <contrast+> <stop> | <contrast+> <stop>
                    negative = <plain-> <stop> | <plain-> <stop> | <negation-> <stop> | <negation-> <stop> | <contrast-> <stop> | <contrast-> <stop>
                    plain+ = the <thing> was <very> <good> | <very> <good> <thing> | i <loved> the <thing> | the <gadget> works <well> | the <gadget> still works after two <years> | this <film> was worth watching | there is much to like in this <film> | the <dish> was <very> <good> because it was fresh | we crossed the road because the <food> smelled so <good>
                    plain- = the <thing> was <very> <bad> | <very> <bad> <thing> | i <hated> the <thing> | the <gadget> works <badly> | the <gadget> broke within two <years> | this <film> was a waste of time | there is much to dislike in this <film> | the <dish> was <very> <bad> because it was uncooked | we crossed the road because the <food> smelled so <bad>
                    negation+ = the <thing> was not <bad> <atall> | there is nothing to dislike in this <film> | there is nothing <bad> in this <film> | i did not hate the <thing> | i could not find one <bad> <thing> | the <gadget> did not break within two <years> | this <film> was not a waste of time | nothing about the <thing> was <bad> | the <dish> was not uncooked
                    negation- = the <thing> was not <good> <atall> | there is nothing to like in this <film> | there is nothing <good> in this <film> | i did not like the <thing> | i could not find one <good> <thing> | the <gadget> did not last two <years> | this <film> was not worth watching | nothing about the <thing> was <good> | the <dish> was not fresh
                    contrast+ = the <thing> was <bad> , but the <thing> was <very> <good> | a <bad> start , but in the end a <good> <film> | the <film> had <bad> parts , but overall was <good> | the <film> had slow parts , but overall was worth watching | i expected a <bad> <film> , but it was <good> | the <thing> was <bad> at first , but <very> <good> in the end | it looked <bad> , but tasted <good> | the <gadget> looked <bad> , but works <well>
                    contrast- = the <thing> was <good> , but the <thing> was <very> <bad> | a <good> start , but in the end a <bad> <film> | a <good> start , but in the end a waste of time | the <film> had <good> parts , but overall was <bad> | the <film> had <good> parts , but overall was not worth watching | i expected a <good> <film> , but it was <bad> | the <thing> was <good> at first , but <very> <bad> in the end | it looked <good> , but tasted <bad> | the <gadget> looked <good> , but broke within two <years>
                    thing = <film> | <part> | <food> | <dish> | <gadget>
                    film = movie | film | story | comedy | thriller | documentary
                    part = plot | acting | ending | dialogue | music | cast
                    food = food | dessert | breakfast | coffee | service | pizza
                    dish = chicken | fish | soup | bread | salad
                    gadget = vacuum cleaner | phone | camera | kettle | radio | printer
                    very = really | very | quite | rather | so | truly
                    atall = at all | _ | this time
                    loved = loved | liked | enjoyed | like | love
                    hated = hated | disliked | hate | dislike
                    well = well | perfectly | like new
                    badly = badly | poorly | like a toy
                    good = good | great | wonderful | lovely | charming | fine | superb | delightful
                    bad = bad | slow | dull | terrible | boring | horrible | poor | disappointing
                    years = weeks | years | months | days
                    stop = . | . | ! | _
                    """);

    private GeneratedReviews() {
    }
}
